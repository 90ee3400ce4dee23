#pragma once
// The way of a vehicle through the streets, on the right-hand lane, with rounded turns and a driver's speed.

#include "services/simulate/layout.hpp"
#include "services/simulate/random.hpp"

#include <vector>

namespace cairn::simulate {

struct RoutePoint {
  Vec2 place;
  double heading_deg = 0;
  double curvature = 0;  ///< 1/m, positive turns right
};

/// A smooth path by its length, sampled every quarter of a metre.
class Route {
 public:
  /// Through neighbouring crossings, at least two. Throws std::invalid_argument for a route that jumps or turns back.
  Route(const Layout&, const std::vector<Crossing>&);

  double length_m() const;
  RoutePoint at(double metres) const;

 private:
  std::vector<RoutePoint> points_;
};

/// A walk through the grid that never turns back, at least so long; it starts heading along a street and prefers to go
/// on.
std::vector<Crossing> wandering(const Layout&, Random, double at_least_m);

/// When the vehicle is where: it slows for bends (2 m/s2 sideways) and never speeds up or brakes harder than 1.5 m/s2.
class SpeedProfile {
 public:
  SpeedProfile(const Route&, double speed_mps, Random);
  double speed_at(double metres) const;
  double seconds_at(double metres) const;
  double metres_at(double seconds) const;

 private:
  std::vector<double> speeds_;   ///< every metre
  std::vector<double> seconds_;  ///< every metre
};

}  // namespace cairn::simulate
