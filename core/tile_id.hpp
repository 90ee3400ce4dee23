#pragma once

#include "core/lat_lon.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn {

/// A square of the Web-Mercator map, counted from the north-west corner (XYZ, as in every slippy map).
class TileId {
 public:
  static constexpr int kMaxZoom = 26;

  /// The whole world.
  TileId() = default;
  /// Nothing when the zoom is outside 0-26 or x, y are outside 0 .. 2^zoom - 1.
  static std::optional<TileId> from_zxy(std::int64_t zoom, std::int64_t x, std::int64_t y);

  int zoom() const { return zoom_; }
  std::uint32_t x() const { return x_; }
  std::uint32_t y() const { return y_; }

  /// The tile one zoom out that holds this one; the world is its own parent.
  TileId parent() const;
  /// The four tiles one zoom in, in Morton order: north-west, north-east, south-west, south-east.
  std::array<TileId, 4> children() const;
  /// "14/8805/5373"
  std::string text() const;

  friend auto operator<=>(const TileId&, const TileId&) = default;

 private:
  TileId(int zoom, std::uint32_t x, std::uint32_t y) : zoom_{zoom}, x_{x}, y_{y} {}
  int zoom_ = 0;
  std::uint32_t x_ = 0;
  std::uint32_t y_ = 0;
};

/// A place in Web Mercator (EPSG:3857's square), as whole units of which the world is 2^32 wide; x east, y south.
/// Latitudes beyond 85.0511 degrees fall on the edge, as everywhere in this projection.
struct WorldPoint {
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  friend auto operator<=>(const WorldPoint&, const WorldPoint&) = default;
};
WorldPoint world_point_of(LatLon place);
LatLon place_of(WorldPoint point);

/// The tile at a zoom that holds a place.
TileId tile_of(LatLon place, int zoom);
TileId tile_of(WorldPoint point, int zoom);

/// The tiles at a zoom that a place shows in when tiles reach `buffer` of their width beyond their edge (0.015625 = 64/4096):
/// one to four.
std::vector<TileId> tiles_around(WorldPoint point, int zoom, double buffer);

/// West, south, east, north in degrees.
struct GeoBounds {
  double west_deg = 0, south_deg = 0, east_deg = 0, north_deg = 0;
};
GeoBounds bounds_of(TileId tile);

/// Where a place lies on the Morton (Z) curve of zoom 26: every tile of zoom <= 26 is one range of these, in either database.
/// 52 bits, so it fits a signed 64-bit column.
using MortonKey = std::int64_t;
MortonKey morton_of(LatLon place);
MortonKey morton_of(WorldPoint point);

/// Keys of a tile: first <= key < end.
struct MortonRange {
  MortonKey first = 0;
  MortonKey end = 0;
};
MortonRange morton_range_of(TileId tile);

}  // namespace cairn
