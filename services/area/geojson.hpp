#pragma once
// The parts of GeoJSON geometries that clients send. Nothing for what is none, lies off the globe or has too many corners.

#include "services/area/rings.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace cairn::area {

/// [longitude, latitude], perhaps with a height, which is left out.
std::optional<LatLon> position_from(const nlohmann::json& value);
std::optional<std::vector<LatLon>> line_from(const nlohmann::json& value, std::size_t fewest, std::size_t most);
/// The rings of a polygon, each of four positions at least, the last like the first.
std::optional<std::vector<Ring>> rings_from(const nlohmann::json& polygon, std::size_t most);

nlohmann::json json_of(LatLon position);

}  // namespace cairn::area
