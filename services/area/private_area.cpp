#include "services/area/private_area.hpp"

#include "core/angle.hpp"
#include "services/area/geojson.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace cairn::area {
namespace {

constexpr double kSmallestRadius_m = 10, kLargestRadius_m = 10'000;
constexpr double kMetersPerDegree = 110'500;  // less than a degree of latitude anywhere (110,574 m at the equator)
constexpr const char* kWhatThereIs = "shape must be a Circle ({\"type\":\"Circle\",\"center\":[longitude,latitude],\"radius_m\":200}), or a GeoJSON Polygon";

GeoBounds bounds_of_circle(LatLon centre, double radius_m) {
  const double high = radius_m / kMetersPerDegree;
  const double farthest = std::min(std::abs(centre.lat_deg()) + high, 90.0);
  const double wide = high / std::max(std::cos(farthest * kRadians), 1e-9);
  const double west = centre.lon_deg() - wide, east = centre.lon_deg() + wide;
  const bool wraps = west < -180 || east > 180;
  return {wraps ? -180 : west, std::max(centre.lat_deg() - high, -90.0), wraps ? 180 : east, std::min(centre.lat_deg() + high, 90.0)};
}

std::size_t corners_of(const std::vector<Ring>& rings) {
  std::size_t count = 0;
  for (const auto& ring : rings) count += ring.size();
  return count;
}

std::string problem_of_size(const GeoBounds& box, const AreaLimits& limits) {
  if (box.east_deg - box.west_deg >= 180) return "The area is half the globe wide or more: draw one that crosses the antimeridian as two";
  const double farthest = std::min(std::abs(box.south_deg), std::abs(box.north_deg));
  const double wide_m = (box.east_deg - box.west_deg) * kMetersPerDegree * std::cos(farthest * kRadians);
  const double high_m = (box.north_deg - box.south_deg) * kMetersPerDegree;
  if (std::max(wide_m, high_m) <= limits.across_m) return {};
  return "The area is too large: it may be " + std::to_string(static_cast<int>(limits.across_m / 1000)) + " km across";
}

/// Sides of no length say nothing.
void drop_repeated_corners(Ring& ring) { ring.erase(std::unique(ring.begin(), ring.end()), ring.end()); }

bool polygon_holds(const std::vector<Ring>& rings, LatLon place) {
  for (std::size_t i = 0; i < rings.size(); ++i) {
    const auto where = where_in(rings[i], place);
    if (where == Where::border) return true;
    if ((where == Where::inside) == (i > 0)) return false;  // outside the outer ring, or within a hole
  }
  return true;
}

}  // namespace

std::variant<PrivateArea, std::string> PrivateArea::from_json(const nlohmann::json& shape, const AreaLimits& limits) {
  if (!shape.is_object() || !shape.contains("type")) return std::string{kWhatThereIs};
  if (shape["type"] == "Circle") return circle_from(shape);
  if (shape["type"] == "Polygon") return polygon_from(shape.value("coordinates", nlohmann::json{}), limits);
  return std::string{kWhatThereIs};
}

PrivateArea PrivateArea::from_stored(std::string_view text) {
  const auto shape = nlohmann::json::parse(text, nullptr, false);
  if (shape.is_object() && shape.value("type", "") == "Circle") return std::get<PrivateArea>(circle_from(shape));
  auto rings = rings_from(shape.is_object() ? shape.value("coordinates", nlohmann::json{}) : nlohmann::json{}, std::numeric_limits<std::size_t>::max());
  if (!rings) throw std::runtime_error{"the catalogue holds a private area that can't be read"};
  const auto bounds = bounds_around(rings->front());
  return PrivateArea{std::move(*rings), bounds};
}

std::variant<PrivateArea, std::string> PrivateArea::circle_from(const nlohmann::json& shape) {
  const auto centre = position_from(shape.value("center", nlohmann::json{}));
  if (!centre) return std::string{"center must be [longitude, latitude] in degrees on the globe"};
  const auto radius = shape.value("radius_m", nlohmann::json{});
  const double radius_m = radius.is_number() ? radius.get<double>() : 0;
  if (!(radius_m >= kSmallestRadius_m && radius_m <= kLargestRadius_m)) return std::string{"radius_m must be metres from 10 to 10000"};
  return PrivateArea{Circle{*centre, radius_m}, bounds_of_circle(*centre, radius_m)};
}

std::variant<PrivateArea, std::string> PrivateArea::polygon_from(const nlohmann::json& coordinates, const AreaLimits& limits) {
  auto rings = rings_from(coordinates, std::numeric_limits<std::size_t>::max());
  if (!rings) return std::string{"A ring needs four positions [longitude, latitude] on the globe at least, the last like the first"};
  if (corners_of(*rings) > limits.corners) return "The area has more than " + std::to_string(limits.corners) + " corners: simplify it or split it";
  const auto bounds = bounds_around(rings->front());
  if (auto problem = problem_of_size(bounds, limits); !problem.empty()) return problem;
  for (auto& ring : *rings) {
    drop_repeated_corners(ring);
    if (crosses_itself(ring)) return std::string{"A ring crosses or touches itself, or encloses nothing: draw it as one simple line around the area"};
  }
  return PrivateArea{std::move(*rings), bounds};
}

nlohmann::json PrivateArea::json() const {
  if (const auto* circle = std::get_if<Circle>(&shape_)) return {{"type", "Circle"}, {"center", json_of(circle->centre)}, {"radius_m", circle->radius_m}};
  auto rings = nlohmann::json::array();
  for (const auto& ring : std::get<Polygon>(shape_)) {
    auto positions = nlohmann::json::array();
    for (const auto corner : ring) positions.push_back(json_of(corner));
    rings.push_back(std::move(positions));
  }
  return {{"type", "Polygon"}, {"coordinates", std::move(rings)}};
}

bool PrivateArea::holds(LatLon place) const {
  if (const auto* circle = std::get_if<Circle>(&shape_)) return ground_distance_m(circle->centre, place) <= circle->radius_m;
  return polygon_holds(std::get<Polygon>(shape_), place);
}

bool PrivateArea::meets(LatLon from, LatLon to) const {
  if (std::abs(from.lon_deg() - to.lon_deg()) >= 180) return true;
  if (const auto* circle = std::get_if<Circle>(&shape_)) return distance_to_stretch_m(circle->centre, from, to) <= circle->radius_m;
  const auto& rings = std::get<Polygon>(shape_);
  return polygon_holds(rings, from) || std::ranges::any_of(rings, [&](const Ring& ring) { return meets_side(ring, from, to); });
}

}  // namespace cairn::area
