#include "services/gateway/panoramax/area.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::gateway {
namespace {

using nlohmann::json;

constexpr std::size_t kMostCorners = 10'000;
constexpr double kNear_m = 1;

std::optional<LatLon> position_from(const json& value) {
  const bool sound = value.is_array() && value.size() >= 2 && value.size() <= 3 && value[0].is_number() && value[1].is_number();
  return sound ? LatLon::from_degrees(value[1].get<double>(), value[0].get<double>()) : std::nullopt;
}

std::optional<std::vector<LatLon>> line_from(const json& value, std::size_t least) {
  if (!value.is_array() || value.size() < least || value.size() > kMostCorners) return std::nullopt;
  std::vector<LatLon> line;
  for (const auto& one : value) {
    const auto position = position_from(one);
    if (!position) return std::nullopt;
    line.push_back(*position);
  }
  return line;
}

/// Adds the rings of a polygon; false when one is none.
bool add_rings(const json& polygon, std::vector<std::vector<LatLon>>& rings) {
  if (!polygon.is_array() || polygon.empty() || polygon.size() > kMostCorners) return false;
  for (const auto& one : polygon) {
    auto ring = line_from(one, 4);
    if (!ring || ring->front() != ring->back()) return false;
    rings.push_back(std::move(*ring));
  }
  return true;
}

bool crosses(LatLon from, LatLon to, LatLon place) {
  const bool above = from.lat_e7() > place.lat_e7();
  if (above == (to.lat_e7() > place.lat_e7())) return false;
  const double share = (place.lat_deg() - from.lat_deg()) / (to.lat_deg() - from.lat_deg());
  return place.lon_deg() < from.lon_deg() + share * (to.lon_deg() - from.lon_deg());
}

/// Metres from a place to a stretch, both seen from the place.
double distance_m(LatLon place, LatLon from, LatLon to) {
  const auto a = step_between(place, from);
  const auto b = step_between(place, to);
  const double dx = b.east_m - a.east_m, dy = b.north_m - a.north_m;
  const double length2 = dx * dx + dy * dy;
  const double share = length2 > 0 ? std::clamp(-(a.east_m * dx + a.north_m * dy) / length2, 0.0, 1.0) : 0;
  return std::hypot(a.east_m + share * dx, a.north_m + share * dy);
}

std::size_t corners_of(const std::vector<std::vector<LatLon>>& lists) {
  std::size_t count = 0;
  for (const auto& list : lists) count += list.size();
  return count;
}

}  // namespace

std::optional<Area> Area::from_geojson(const json& geometry) {
  if (!geometry.is_object() || !geometry.contains("type") || !geometry.contains("coordinates") || !geometry["coordinates"].is_array()) return std::nullopt;
  const auto& type = geometry["type"];
  const auto& coordinates = geometry["coordinates"];
  Area area;
  if (type == "Point") {
    const auto position = position_from(coordinates);
    if (!position) return std::nullopt;
    area.lines_.push_back({*position});
  } else if (type == "LineString") {
    auto line = line_from(coordinates, 2);
    if (!line) return std::nullopt;
    area.lines_.push_back(std::move(*line));
  } else if (type == "Polygon") {
    if (!add_rings(coordinates, area.rings_)) return std::nullopt;
  } else if (type == "MultiPolygon") {
    const bool sound = !coordinates.empty() && coordinates.size() <= kMostCorners && std::ranges::all_of(coordinates, [&](const json& one) { return add_rings(one, area.rings_); });
    if (!sound) return std::nullopt;
  } else {
    return std::nullopt;
  }
  return corners_of(area.rings_) <= kMostCorners ? std::optional{area} : std::nullopt;
}

GeoBounds Area::bounds() const {
  GeoBounds box{180, 90, -180, -90};
  for (const auto* lists : {&rings_, &lines_}) {
    for (const auto& list : *lists) {
      for (const auto place : list) {
        const auto low = lists == &lines_ ? moved(place, {-kNear_m, -kNear_m}) : place;
        const auto high = lists == &lines_ ? moved(place, {kNear_m, kNear_m}) : place;
        box = {std::min(box.west_deg, low.lon_deg()), std::min(box.south_deg, low.lat_deg()), std::max(box.east_deg, high.lon_deg()), std::max(box.north_deg, high.lat_deg())};
      }
    }
  }
  return box;
}

bool Area::holds(LatLon place) const {
  bool inside = false;
  for (const auto& ring : rings_) {
    for (std::size_t i = 1; i < ring.size(); ++i) inside ^= crosses(ring[i - 1], ring[i], place);
  }
  if (inside) return true;
  return std::ranges::any_of(lines_, [&](const auto& line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (distance_m(place, line[i == 0 ? 0 : i - 1], line[i]) <= kNear_m) return true;
    }
    return false;
  });
}

}  // namespace cairn::gateway
