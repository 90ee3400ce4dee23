#pragma once
// Places that nobody may see.

#include "core/tile_id.hpp"
#include "services/area/rings.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cairn::area {

/// How large an area may be.
struct AreaLimits {
  std::size_t corners = 1000;      ///< whether a ring crosses itself takes time with their square: 1,000 take some 10 ms
  double across_m = 50'000;        ///< along either side of its box
};
inline constexpr AreaLimits kZoneLimits{};                       ///< of a contributor: a town; to hide more, hide the upload
inline constexpr AreaLimits kExcludedLimits{1000, 5'000'000};    ///< of the operator: a country

/// A circle, or a polygon with holes. The border belongs to it.
class PrivateArea {
 public:
  /// {"type":"Circle","center":[longitude,latitude],"radius_m":200} with a radius of 10 to 10,000 m, or a GeoJSON Polygon. Else
  /// a sentence that says what is wrong with it.
  static std::variant<PrivateArea, std::string> from_json(const nlohmann::json& shape, const AreaLimits& limits);
  /// What json() gave, as text: it is not checked again. Throws when it can't be read.
  static PrivateArea from_stored(std::string_view text);

  nlohmann::json json() const;
  /// Holds the whole area; of a circle across the antimeridian: all longitudes.
  GeoBounds bounds() const { return bounds_; }
  bool holds(LatLon place) const;
  /// Whether a straight line between two places comes through. One across the antimeridian is taken to.
  bool meets(LatLon from, LatLon to) const;

 private:
  struct Circle {
    LatLon centre;
    double radius_m;
  };
  using Polygon = std::vector<Ring>;   ///< the first ring is the outside, the others are holes

  PrivateArea(std::variant<Circle, Polygon> shape, const GeoBounds& bounds) : shape_{std::move(shape)}, bounds_{bounds} {}
  static std::variant<PrivateArea, std::string> circle_from(const nlohmann::json& shape);
  static std::variant<PrivateArea, std::string> polygon_from(const nlohmann::json& coordinates, const AreaLimits& limits);

  std::variant<Circle, Polygon> shape_;
  GeoBounds bounds_;
};

}  // namespace cairn::area
