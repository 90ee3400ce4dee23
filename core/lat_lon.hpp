#pragma once

#include <cstdint>
#include <optional>

namespace cairn {

/// A place on WGS84, held as whole 1e-7 degrees (about 1 cm), so that equal places compare equal and a stored place comes
/// back unchanged.
class LatLon {
 public:
  /// The null island; a default for aggregates only.
  LatLon() = default;

  /// Nothing when a number is not finite or lies outside the globe.
  static std::optional<LatLon> from_degrees(double lat_deg, double lon_deg);
  static std::optional<LatLon> from_e7(std::int64_t lat_e7, std::int64_t lon_e7);

  double lat_deg() const { return lat_e7_ * 1e-7; }
  double lon_deg() const { return lon_e7_ * 1e-7; }
  std::int32_t lat_e7() const { return lat_e7_; }
  std::int32_t lon_e7() const { return lon_e7_; }
  friend auto operator<=>(const LatLon&, const LatLon&) = default;

 private:
  LatLon(std::int32_t lat_e7, std::int32_t lon_e7) : lat_e7_{lat_e7}, lon_e7_{lon_e7} {}
  std::int32_t lat_e7_ = 0;
  std::int32_t lon_e7_ = 0;
};

/// A step on the ground, in metres. Good for steps of a few kilometres.
struct EastNorth {
  double east_m = 0;
  double north_m = 0;
};

/// Length of the geodesic on WGS84, in metres (Karney 2013, by PROJ).
double ground_distance_m(LatLon from, LatLon to);
/// Azimuth of the geodesic at its start: 0 is north, 90 east, always in [0, 360). 0 when both places are the same.
double bearing_deg(LatLon from, LatLon to);
/// The step that leads from one place to another, on the plane that touches WGS84 at the first.
EastNorth step_between(LatLon from, LatLon to);
/// The place a step away. Steps that would leave the globe end at its edge.
LatLon moved(LatLon from, EastNorth step);

/// An angle brought into [0, 360).
double heading_within_circle(double deg);
/// The turn from one heading to another, in (-180, 180]; positive is clockwise.
double turn_deg(double from_deg, double to_deg);

}  // namespace cairn
