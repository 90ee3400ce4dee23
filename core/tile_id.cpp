#include "core/tile_id.hpp"

#include "core/angle.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cairn {
namespace {

constexpr double kWorld = 4'294'967'296.0;

std::uint32_t clamped_to_world(double value) { return static_cast<std::uint32_t>(std::clamp(value, 0.0, kWorld - 1)); }

/// Spreads the low 32 bits so that a zero stands between any two of them.
std::uint64_t spread(std::uint32_t value) {
  std::uint64_t bits = value;
  bits = (bits | (bits << 16)) & 0x0000ffff0000ffffULL;
  bits = (bits | (bits << 8)) & 0x00ff00ff00ff00ffULL;
  bits = (bits | (bits << 4)) & 0x0f0f0f0f0f0f0f0fULL;
  bits = (bits | (bits << 2)) & 0x3333333333333333ULL;
  bits = (bits | (bits << 1)) & 0x5555555555555555ULL;
  return bits;
}

MortonKey interleaved(std::uint32_t x, std::uint32_t y) { return static_cast<MortonKey>(spread(x) | (spread(y) << 1)); }

double latitude_at(double y_fraction) {
  return std::atan(std::sinh(std::numbers::pi * (1 - 2 * y_fraction))) / kRadians;
}

}  // namespace

std::optional<TileId> TileId::from_zxy(std::int64_t zoom, std::int64_t x, std::int64_t y) {
  if (zoom < 0 || zoom > kMaxZoom) return std::nullopt;
  const std::int64_t side = std::int64_t{1} << zoom;
  if (x < 0 || y < 0 || x >= side || y >= side) return std::nullopt;
  return TileId{static_cast<int>(zoom), static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y)};
}

TileId TileId::parent() const { return zoom_ == 0 ? *this : TileId{zoom_ - 1, x_ / 2, y_ / 2}; }

std::array<TileId, 4> TileId::children() const {
  const int z = zoom_ + 1;
  const std::uint32_t x = x_ * 2;
  const std::uint32_t y = y_ * 2;
  return {TileId{z, x, y}, TileId{z, x + 1, y}, TileId{z, x, y + 1}, TileId{z, x + 1, y + 1}};
}

std::string TileId::text() const {
  return std::to_string(zoom_) + "/" + std::to_string(x_) + "/" + std::to_string(y_);
}

WorldPoint world_point_of(LatLon place) {
  const double lat = std::clamp(place.lat_deg(), -85.0511287798066, 85.0511287798066) * kRadians;
  const double x = (place.lon_deg() + 180) / 360;
  const double y = (1 - std::asinh(std::tan(lat)) / std::numbers::pi) / 2;
  return {clamped_to_world(std::floor(x * kWorld)), clamped_to_world(std::floor(y * kWorld))};
}

LatLon place_of(WorldPoint point) {
  const double x = (point.x + 0.5) / kWorld;
  const double y = (point.y + 0.5) / kWorld;
  return LatLon::from_degrees(latitude_at(y), x * 360 - 180).value_or(LatLon{});
}

TileId tile_of(LatLon place, int zoom) { return tile_of(world_point_of(place), zoom); }

TileId tile_of(WorldPoint point, int zoom) {
  if (zoom <= 0) return TileId{};
  const int shift = 32 - std::min(zoom, TileId::kMaxZoom);
  return *TileId::from_zxy(std::min(zoom, TileId::kMaxZoom), point.x >> shift, point.y >> shift);
}

std::vector<TileId> tiles_around(WorldPoint point, int zoom, double buffer) {
  const double tile_width = kWorld / static_cast<double>(std::uint64_t{1} << zoom);
  const auto first_x = std::floor((point.x - buffer * tile_width) / tile_width);
  const auto last_x = std::floor((point.x + buffer * tile_width) / tile_width);
  const auto first_y = std::floor((point.y - buffer * tile_width) / tile_width);
  const auto last_y = std::floor((point.y + buffer * tile_width) / tile_width);
  std::vector<TileId> tiles;
  for (auto y = first_y; y <= last_y; ++y) {
    for (auto x = first_x; x <= last_x; ++x) {
      const auto tile = TileId::from_zxy(zoom, static_cast<std::int64_t>(x), static_cast<std::int64_t>(y));
      if (tile) tiles.push_back(*tile);
    }
  }
  return tiles;
}

GeoBounds bounds_of(TileId tile) {
  const double side = static_cast<double>(std::uint64_t{1} << tile.zoom());
  return {tile.x() / side * 360 - 180, latitude_at((tile.y() + 1) / side), (tile.x() + 1) / side * 360 - 180,
          latitude_at(tile.y() / side)};
}

MortonKey morton_of(LatLon place) { return morton_of(world_point_of(place)); }

MortonKey morton_of(WorldPoint point) { return interleaved(point.x >> 6, point.y >> 6); }

MortonRange morton_range_of(TileId tile) {
  const int levels = TileId::kMaxZoom - tile.zoom();
  const MortonKey cell = interleaved(tile.x(), tile.y());
  return {cell << (2 * levels), (cell + 1) << (2 * levels)};
}

}  // namespace cairn
