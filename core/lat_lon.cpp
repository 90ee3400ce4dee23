#include "core/lat_lon.hpp"

#include "core/angle.hpp"

#include <geodesic.h>

#include <algorithm>
#include <cmath>

namespace cairn {
namespace {

constexpr double kEquatorRadius_m = 6'378'137.0;
constexpr double kFlattening = 1 / 298.257223563;

const geod_geodesic& wgs84() {
  static const geod_geodesic ellipsoid = [] {
    geod_geodesic made{};
    geod_init(&made, kEquatorRadius_m, kFlattening);
    return made;
  }();
  return ellipsoid;
}

/// Metres per degree of latitude and of longitude at a latitude, from WGS84's two radii of curvature.
struct DegreeLengths {
  double lat_m;
  double lon_m;
};
DegreeLengths degree_lengths_at(double lat_deg) {
  constexpr double e2 = kFlattening * (2 - kFlattening);
  const double s = std::sin(lat_deg * kRadians);
  const double w = std::sqrt(1 - e2 * s * s);
  const double meridian = kEquatorRadius_m * (1 - e2) / (w * w * w);
  const double normal = kEquatorRadius_m / w;
  return {meridian * kRadians, std::max(1e-6, normal * std::cos(lat_deg * kRadians) * kRadians)};
}

double longitude_within_circle(double deg) { return deg - 360 * std::floor((deg + 180) / 360); }

}  // namespace

std::optional<LatLon> LatLon::from_degrees(double lat_deg, double lon_deg) {
  if (!std::isfinite(lat_deg) || !std::isfinite(lon_deg)) return std::nullopt;
  if (std::abs(lat_deg) > 90 || std::abs(lon_deg) > 180) return std::nullopt;
  return from_e7(std::llround(lat_deg * 1e7), std::llround(lon_deg * 1e7));
}

std::optional<LatLon> LatLon::from_e7(std::int64_t lat_e7, std::int64_t lon_e7) {
  const auto lies_beyond = [](std::int64_t value, std::int64_t most) { return value < -most || value > most; };
  if (lies_beyond(lat_e7, 900'000'000) || lies_beyond(lon_e7, 1'800'000'000)) return std::nullopt;
  return LatLon{static_cast<std::int32_t>(lat_e7), static_cast<std::int32_t>(lon_e7)};
}

double ground_distance_m(LatLon from, LatLon to) {
  double distance_m = 0;
  geod_inverse(&wgs84(), from.lat_deg(), from.lon_deg(), to.lat_deg(), to.lon_deg(), &distance_m, nullptr, nullptr);
  return distance_m;
}

double bearing_deg(LatLon from, LatLon to) {
  if (from == to) return 0;
  double azimuth_deg = 0;
  geod_inverse(&wgs84(), from.lat_deg(), from.lon_deg(), to.lat_deg(), to.lon_deg(), nullptr, &azimuth_deg, nullptr);
  return heading_within_circle(azimuth_deg);
}

EastNorth step_between(LatLon from, LatLon to) {
  const auto length = degree_lengths_at((from.lat_deg() + to.lat_deg()) / 2);
  return {longitude_within_circle(to.lon_deg() - from.lon_deg()) * length.lon_m,
          (to.lat_deg() - from.lat_deg()) * length.lat_m};
}

LatLon moved(LatLon from, EastNorth step) {
  // The mean latitude of the step is what step_between uses, so that going there and back ends where it began.
  const double lat_deg = std::clamp(from.lat_deg() + step.north_m / degree_lengths_at(from.lat_deg()).lat_m, -90.0, 90.0);
  const auto length = degree_lengths_at((from.lat_deg() + lat_deg) / 2);
  const double exact_lat_deg = std::clamp(from.lat_deg() + step.north_m / length.lat_m, -90.0, 90.0);
  const double lon_deg = longitude_within_circle(from.lon_deg() + step.east_m / length.lon_m);
  return LatLon::from_degrees(exact_lat_deg, lon_deg).value_or(from);
}

double heading_within_circle(double deg) {
  const double turned = deg - 360 * std::floor(deg / 360);
  return turned >= 360 ? 0 : turned;
}

double turn_deg(double from_deg, double to_deg) {
  const double turn = heading_within_circle(to_deg - from_deg);
  return turn > 180 ? turn - 360 : turn;
}

}  // namespace cairn
