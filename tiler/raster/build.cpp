#include "tiler/raster/build.hpp"

#include "tiler/raster/source.hpp"

#include <deque>
#include <future>
#include <stdexcept>
#include <utility>
#include <vector>

namespace cairn::tiler::raster {
namespace {

struct Drawn {
  TileId tile;
  Pixels pixels;
};

/// Goes down the tree of tiles and gives each after the four below it, so that four tiles of each zoom are in memory.
class Descent {
 public:
  Descent(const Source& source, const BuildOptions& options) : source_{source}, options_{options} { way_.emplace_back(); }

  /// The next tile that shows something.
  std::optional<Drawn> next() {
    while (!way_.empty()) {
      if (goes_deeper()) continue;
      const auto tile = way_.back().tile;
      auto pixels = finished();
      if (!pixels.empty()) return Drawn{tile, std::move(pixels)};
    }
    return std::nullopt;
  }

  double share() const { return static_cast<double>(read_) / static_cast<double>(source_.tiles()); }

 private:
  struct Step {
    TileId tile;
    std::size_t visited = 0;  ///< of the tiles below
    std::array<Pixels, 4> below;
  };

  bool goes_deeper() {
    auto& here = way_.back();
    if (here.tile.zoom() == source_.zoom() || here.visited == 4) return false;
    const auto child = here.tile.children()[here.visited++];
    if (source_.touches(child)) way_.push_back({child, 0, {}});
    return true;
  }

  /// What the last step shows, which ends here.
  Pixels finished() {
    const auto here = std::move(way_.back());
    way_.pop_back();
    if (here.tile.zoom() < options_.min_zoom) return {};
    const bool deepest = here.tile.zoom() == source_.zoom();
    auto pixels = deepest ? source_.pixels_of(here.tile) : halved(here.below, options_.side);
    if (deepest) ++read_;
    if (!way_.empty()) way_.back().below[way_.back().visited - 1] = pixels;
    return pixels;
  }

  const Source& source_;
  const BuildOptions& options_;
  std::vector<Step> way_;
  std::uint64_t read_ = 0;
};

/// Encodes some tiles at once; they come out in the order in which they were drawn.
class Encoding {
 public:
  Encoding(Descent& descent, const BuildOptions& options) : descent_{descent}, options_{options} {}

  std::optional<ArchiveTile> next() {
    while (under_way_.size() < options_.threads) {
      auto drawn = descent_.next();
      if (!drawn) break;
      under_way_.push_back(std::async(std::launch::async, [drawn = std::move(*drawn), &options = options_] {
        return ArchiveTile{drawn.tile, encoded_picture(drawn.pixels, options.side, options.format, options.quality)};
      }));
    }
    if (under_way_.empty()) return std::nullopt;
    auto tile = under_way_.front().get();
    under_way_.pop_front();
    return tile;
  }

 private:
  Descent& descent_;
  const BuildOptions& options_;
  std::deque<std::future<ArchiveTile>> under_way_;
};

void check_zooms(const BuildOptions& options, int deepest) {
  if (options.min_zoom <= deepest) return;
  throw std::runtime_error{"--min-zoom " + std::to_string(options.min_zoom) + " is deeper than the deepest zoom, " + std::to_string(deepest)};
}

}  // namespace

ArchiveSummary build_archive(const std::filesystem::path& target, const std::filesystem::path& raster, const BuildOptions& options, const TellProgress& tell) {
  check_archive_name(target);
  const Source source{raster, options.side, options.max_zoom};
  check_zooms(options, source.zoom());
  Descent descent{source, options};
  Encoding encoding{descent, options};
  ArchiveInfo info;
  info.name = raster.stem().string();
  info.format = options.format;
  std::uint64_t tiles = 0;
  return write_archive(target, info, [&] {
    auto tile = encoding.next();
    if (tile) tell(descent.share(), ++tiles);
    return tile;
  });
}

}  // namespace cairn::tiler::raster
