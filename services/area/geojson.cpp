#include "services/area/geojson.hpp"

namespace cairn::area {

using nlohmann::json;

std::optional<LatLon> position_from(const json& value) {
  const bool sound = value.is_array() && value.size() >= 2 && value.size() <= 3 && value[0].is_number() && value[1].is_number();
  return sound ? LatLon::from_degrees(value[1].get<double>(), value[0].get<double>()) : std::nullopt;
}

std::optional<std::vector<LatLon>> line_from(const json& value, std::size_t fewest, std::size_t most) {
  if (!value.is_array() || value.size() < fewest || value.size() > most) return std::nullopt;
  std::vector<LatLon> line;
  for (const auto& one : value) {
    const auto position = position_from(one);
    if (!position) return std::nullopt;
    line.push_back(*position);
  }
  return line;
}

std::optional<std::vector<Ring>> rings_from(const json& polygon, std::size_t most) {
  if (!polygon.is_array() || polygon.empty() || polygon.size() > most) return std::nullopt;
  std::vector<Ring> rings;
  for (const auto& one : polygon) {
    auto ring = line_from(one, 4, most);
    if (!ring || ring->front() != ring->back()) return std::nullopt;
    rings.push_back(std::move(*ring));
  }
  return rings;
}

json json_of(LatLon position) { return {position.lon_e7() / 1e7, position.lat_e7() / 1e7}; }

}  // namespace cairn::area
