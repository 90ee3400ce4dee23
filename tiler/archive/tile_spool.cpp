#include "tiler/archive/tile_spool.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <unordered_map>

namespace cairn::tiler {
namespace {

/// The four children of a tile follow each other on the curve, at four times its place on it.
bool has_child(const std::vector<SpooledTile>& tiles, HilbertId id, int zoom) {
  const auto first = first_hilbert_id_of(zoom + 1) + 4 * (id - first_hilbert_id_of(zoom));
  const auto found = std::ranges::lower_bound(tiles, first, {}, &SpooledTile::id);
  return found != tiles.end() && found->id < first + 4;
}

/// The deepest zoom at which one tile is at least as wide as the bounds.
int zoom_that_fits(const GeoBounds& bounds) {
  int zoom = 0;
  while (zoom < TileId::kMaxZoom && 360.0 / std::exp2(zoom + 1) >= bounds.east_deg - bounds.west_deg) ++zoom;
  return zoom;
}

}  // namespace

TileSpool::TileSpool(const std::filesystem::path& target, const TileSource& source)
    : place_{std::in_place, target, "spool"}, file_{place_->path()} {
  place_.reset();  // the file is open: without a name, nothing of it stays when we are killed
  std::unordered_multimap<std::uint64_t, SpooledTile> contents;  // by their hash, which only says where to look
  while (const auto next = source()) {
    if (next->bytes.empty() || next->bytes.size() > std::numeric_limits<std::uint32_t>::max()) {
      throw std::runtime_error{"tile " + next->tile.text() + " has " + std::to_string(next->bytes.size()) + " bytes: leave empty tiles out"};
    }
    const auto hash = XXH3_64bits(next->bytes.data(), next->bytes.size());
    const auto [first, end] = contents.equal_range(hash);
    const auto found = std::find_if(first, end, [&](const auto& content) { return content_of(content.second) == next->bytes; });
    tiles_.push_back(found != end ? found->second : SpooledTile{0, file_.size(), static_cast<std::uint32_t>(next->bytes.size())});
    tiles_.back().id = hilbert_id_of(next->tile);
    if (found != end) continue;
    contents.emplace(hash, tiles_.back());
    file_.append(next->bytes);
  }
  if (tiles_.empty()) throw std::runtime_error{"there are no tiles to put into " + target.string()};
  distinct_ = contents.size();
  std::ranges::sort(tiles_, {}, &SpooledTile::id);
  const auto twice = std::ranges::adjacent_find(tiles_, {}, &SpooledTile::id);
  if (twice != tiles_.end()) throw std::runtime_error{"tile " + tile_of_hilbert_id(twice->id).text() + " came twice"};
}

TileExtent extent_of(const std::vector<SpooledTile>& sorted_tiles) {
  TileExtent extent;
  if (sorted_tiles.empty()) return extent;
  extent.min_zoom = tile_of_hilbert_id(sorted_tiles.front().id).zoom();
  extent.max_zoom = tile_of_hilbert_id(sorted_tiles.back().id).zoom();
  extent.bounds = {180, 90, -180, -90};
  for (const auto& entry : sorted_tiles) {
    const auto tile = tile_of_hilbert_id(entry.id);
    if (has_child(sorted_tiles, entry.id, tile.zoom())) continue;
    const auto box = bounds_of(tile);
    extent.bounds.west_deg = std::min(extent.bounds.west_deg, box.west_deg);
    extent.bounds.south_deg = std::min(extent.bounds.south_deg, box.south_deg);
    extent.bounds.east_deg = std::max(extent.bounds.east_deg, box.east_deg);
    extent.bounds.north_deg = std::max(extent.bounds.north_deg, box.north_deg);
  }
  extent.centre_lat_deg = (extent.bounds.south_deg + extent.bounds.north_deg) / 2;
  extent.centre_lon_deg = (extent.bounds.west_deg + extent.bounds.east_deg) / 2;
  extent.centre_zoom = std::clamp(zoom_that_fits(extent.bounds), extent.min_zoom, extent.max_zoom);
  return extent;
}

std::string degrees_text(double deg) {
  // Whole 1e-7 degrees, printed by hand: neither the locale nor the C library has a say.
  const auto e7 = static_cast<std::int64_t>(std::floor(deg * 1e7 + 0.5));
  const auto size = static_cast<std::uint64_t>(e7 < 0 ? -e7 : e7);
  auto decimals = std::to_string(10'000'000 + size % 10'000'000).substr(1);
  while (!decimals.empty() && decimals.back() == '0') decimals.pop_back();
  std::string text = e7 < 0 ? "-" : "";
  text += std::to_string(size / 10'000'000);
  if (!decimals.empty()) text.append(".").append(decimals);
  return text;
}

}  // namespace cairn::tiler
