#include "tiler/raster/build.hpp"

#include "tiler/pool.hpp"
#include "tiler/raster/source.hpp"

#include <algorithm>
#include <bit>
#include <deque>
#include <future>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

namespace cairn::tiler::raster {
namespace {

constexpr int kMostUnitSide = 2048;         ///< pixels: the more, the fewer blocks of the raster are read by two threads; as PNG some 10 MB
constexpr std::size_t kUnitsPerThread = 8;  ///< at the least, so that none waits long for the others at the end
constexpr std::size_t kAheadPerThread = 2;  ///< units: whoever is done early has one more to begin

struct Drawn {
  TileId tile;
  Pixels pixels;  ///< empty: nothing shows
};

/// Goes down the tree of tiles and gives each after the four below it, so that four tiles of each zoom are in memory.
class Descent {
 public:
  /// From `top` down to `deepest`, whose tiles `pixels_of` gives; only to where the source may show something.
  Descent(TileId top, int deepest, const Source& source, const BuildOptions& options, std::function<Pixels(TileId)> pixels_of)
      : deepest_{deepest}, source_{source}, options_{options}, pixels_of_{std::move(pixels_of)} {
    way_.push_back({top, 0, {}});
  }

  std::optional<Drawn> next() {
    while (!way_.empty()) {
      if (!goes_deeper()) return finished();
    }
    return std::nullopt;
  }

 private:
  struct Step {
    TileId tile;
    std::size_t visited = 0;  ///< of the tiles below
    std::array<Pixels, 4> below;
  };

  bool goes_deeper() {
    auto& here = way_.back();
    if (here.tile.zoom() == deepest_ || here.visited == 4) return false;
    const auto child = here.tile.children()[here.visited++];
    if (source_.touches(child)) way_.push_back({child, 0, {}});
    return true;
  }

  /// What the last step shows, which ends here.
  Drawn finished() {
    const auto here = std::move(way_.back());
    way_.pop_back();
    Drawn drawn{here.tile, {}};
    if (here.tile.zoom() == deepest_) drawn.pixels = pixels_of_(here.tile);
    else if (here.tile.zoom() >= options_.min_zoom) drawn.pixels = halved(here.below, options_.side);
    if (!way_.empty()) way_.back().below[way_.back().visited - 1] = drawn.pixels;
    return drawn;
  }

  int deepest_;
  const Source& source_;
  const BuildOptions& options_;
  std::function<Pixels(TileId)> pixels_of_;
  std::vector<Step> way_;
};

void add_tiles_at(int zoom, TileId tile, const Source& source, std::vector<TileId>& tiles) {
  if (!source.touches(tile)) return;
  if (tile.zoom() == zoom) return tiles.push_back(tile);
  for (const auto child : tile.children()) add_tiles_at(zoom, child, source, tiles);
}

/// Tiles that are made with all below them by one thread, in the order of a descent: as large as gives every thread enough of them.
std::vector<TileId> units_of(const Source& source, const BuildOptions& options) {
  std::vector<TileId> units;
  for (int zoom = source.zoom() - std::countr_zero(static_cast<unsigned>(kMostUnitSide / options.side)); zoom <= source.zoom(); ++zoom) {
    units.clear();
    add_tiles_at(std::max(zoom, 0), TileId{}, source, units);
    if (options.threads == 1 || units.size() >= kUnitsPerThread * options.threads) break;
  }
  return units;
}

/// A unit's tiles, and what its uppermost shows.
struct Unit {
  std::vector<ArchiveTile> tiles;
  Pixels top;
};

/// Reads, warps and encodes some units at once, each by a source of its own; what is above them is made of them as they come.
class Building {
 public:
  Building(const std::filesystem::path& raster, const BuildOptions& options)
      : options_{options}, source_{raster, options.side, options.max_zoom}, units_{units_of(source_, options)},
        above_{TileId{}, units_.front().zoom(), source_, options, [this](TileId) { return take_unit(); }} {
    for (std::size_t i = 0; i < std::min(options.threads, units_.size()); ++i) sources_.add(std::make_unique<Source>(raster, options.side, options.max_zoom));
  }

  int deepest_zoom() const { return source_.zoom(); }
  double share() const { return static_cast<double>(taken_) / static_cast<double>(units_.size()); }

  std::optional<ArchiveTile> next() {
    while (ready_.empty()) {
      const auto drawn = above_.next();
      if (!drawn) return std::nullopt;
      if (!drawn->pixels.empty() && drawn->tile.zoom() < units_.front().zoom()) ready_.push_back(encoded(*drawn));
    }
    auto tile = std::move(ready_.front());
    ready_.pop_front();
    return tile;
  }

 private:
  ArchiveTile encoded(const Drawn& drawn) const { return {drawn.tile, encoded_picture(drawn.pixels, options_.side, options_.format, options_.quality)}; }

  void start_next() {
    // With one thread, whoever takes the tiles makes them.
    const auto policy = options_.threads > 1 ? std::launch::async : std::launch::deferred;
    ahead_.push_back(std::async(policy, &Building::built, this, units_[started_++]));
  }

  Unit built(TileId top) {
    const auto source = sources_.borrow();
    Descent descent{top, source->zoom(), *source, options_, [&](TileId tile) { return source->pixels_of(tile); }};
    Unit unit;
    while (auto drawn = descent.next()) {
      if (drawn->pixels.empty()) continue;
      unit.tiles.push_back(encoded(*drawn));
      if (drawn->tile == top) unit.top = std::move(drawn->pixels);
    }
    return unit;
  }

  Pixels take_unit() {
    while (started_ < units_.size() && ahead_.size() < kAheadPerThread * options_.threads) start_next();
    auto unit = ahead_.front().get();
    ahead_.pop_front();
    ++taken_;
    std::ranges::move(unit.tiles, std::back_inserter(ready_));
    return std::move(unit.top);
  }

  const BuildOptions& options_;
  Source source_;  ///< for where there is something, not for its pixels
  Pool<Source> sources_;
  std::vector<TileId> units_;
  std::size_t started_ = 0, taken_ = 0;
  Descent above_;
  std::deque<ArchiveTile> ready_;
  std::deque<std::future<Unit>> ahead_;  ///< last: the sources outlive those who use them
};

void check_zooms(const BuildOptions& options, int deepest) {
  if (options.min_zoom <= deepest) return;
  throw std::runtime_error{"--min-zoom " + std::to_string(options.min_zoom) + " is deeper than the deepest zoom, " + std::to_string(deepest)};
}

}  // namespace

ArchiveSummary build_archive(const std::filesystem::path& target, const std::filesystem::path& raster, const BuildOptions& options, const TellProgress& tell) {
  check_archive_name(target);
  Building building{raster, options};
  check_zooms(options, building.deepest_zoom());
  ArchiveInfo info;
  info.name = raster.stem().string();
  info.format = options.format;
  std::uint64_t tiles = 0;
  return write_archive(target, info, [&] {
    auto tile = building.next();
    if (tile) tell(building.share(), ++tiles);
    return tile;
  });
}

}  // namespace cairn::tiler::raster
