#pragma once

#include "core/tile_id.hpp"
#include "services/area/rings.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <vector>

namespace cairn::gateway {

/// A GeoJSON geometry that pictures are searched in. Points and lines hold what lies within a metre of them; sides are
/// straight in longitude and latitude.
class Area {
 public:
  /// Point, LineString, Polygon (with holes), MultiPolygon; nothing for others, for positions off the globe and above 10,000 corners.
  static std::optional<Area> from_geojson(const nlohmann::json& geometry);

  GeoBounds bounds() const;
  bool holds(LatLon place) const;

 private:
  bool add_polygon(const nlohmann::json& polygon);

  std::vector<area::Ring> rings_;            ///< even-odd: a hole takes out what the ring around it holds
  std::vector<std::vector<LatLon>> lines_;   ///< of one point at least
};

}  // namespace cairn::gateway
