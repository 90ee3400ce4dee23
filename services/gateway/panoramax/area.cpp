#include "services/gateway/panoramax/area.hpp"

#include "services/area/geojson.hpp"

#include <algorithm>

namespace cairn::gateway {
namespace {

using nlohmann::json;

constexpr std::size_t kMostCorners = 10'000;
constexpr double kNear_m = 1;

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
  Area searched;
  if (type == "Point") {
    const auto position = area::position_from(coordinates);
    if (!position) return std::nullopt;
    searched.lines_.push_back({*position});
  } else if (type == "LineString") {
    auto line = area::line_from(coordinates, 2, kMostCorners);
    if (!line) return std::nullopt;
    searched.lines_.push_back(std::move(*line));
  } else if (type == "Polygon") {
    if (!searched.add_polygon(coordinates)) return std::nullopt;
  } else if (type == "MultiPolygon") {
    const bool sound = !coordinates.empty() && coordinates.size() <= kMostCorners && std::ranges::all_of(coordinates, [&](const json& one) { return searched.add_polygon(one); });
    if (!sound) return std::nullopt;
  } else {
    return std::nullopt;
  }
  return corners_of(searched.rings_) <= kMostCorners ? std::optional{searched} : std::nullopt;
}

/// False when it is none.
bool Area::add_polygon(const json& polygon) {
  auto rings = area::rings_from(polygon, kMostCorners);
  if (rings) std::ranges::move(*rings, std::back_inserter(rings_));
  return rings.has_value();
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
    const auto where = area::where_in(ring, place);
    if (where == area::Where::border) return true;
    inside ^= where == area::Where::inside;
  }
  if (inside) return true;
  return std::ranges::any_of(lines_, [&](const auto& line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (area::distance_to_stretch_m(place, line[i == 0 ? 0 : i - 1], line[i]) <= kNear_m) return true;
    }
    return false;
  });
}

}  // namespace cairn::gateway
