#pragma once

#include "core/tile_id.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace cairn {

/// The tiles that cover a box, at the deepest zoom at which `most` (1 at least) suffice. What of the box lies off the globe is left out.
inline std::vector<TileId> tiles_over(const GeoBounds& box, std::size_t most) {
  const auto corner = [](double lat, double lon) { return LatLon::from_degrees(std::clamp(lat, -90.0, 90.0), std::clamp(lon, -180.0, 180.0)).value_or(LatLon{}); };
  const auto north_west = corner(box.north_deg, box.west_deg), south_east = corner(box.south_deg, box.east_deg);
  for (int zoom = TileId::kMaxZoom; zoom > 0; --zoom) {
    const auto low = tile_of(north_west, zoom), high = tile_of(south_east, zoom);
    if (high.x() < low.x() || high.y() < low.y()) break;
    if ((std::uint64_t{high.x()} - low.x() + 1) * (std::uint64_t{high.y()} - low.y() + 1) > most) continue;
    std::vector<TileId> tiles;
    for (auto x = low.x(); x <= high.x(); ++x) {
      for (auto y = low.y(); y <= high.y(); ++y) tiles.push_back(*TileId::from_zxy(zoom, x, y));
    }
    return tiles;
  }
  return {TileId{}};
}

}  // namespace cairn
