#pragma once
// Views of things -> where the things stand.

#include "fusion/view.hpp"

#include <optional>
#include <span>
#include <vector>

namespace cairn::fusion {

struct Point {
  EastNorth at;
  double up_m = 0;
};

/// The point nearest to all rays on the plane, each weighed by how little its error amounts to at the point's distance,
/// and the mean height there. Nothing for fewer than two views, for rays that run (nearly) parallel, and when more than
/// half of the views have the point behind them.
std::optional<Point> linear_point(std::span<const View> views);

/// The largest angle between two of the views' bearings, in degrees.
double parallax_deg(std::span<const View> views);

/// How far a view misses a point, in degrees, as seen from the view.
struct Miss {
  double azimuth_deg = 0;  ///< bearing to the point minus the view's bearing
  double elevation_deg = 0;
  double total_deg() const;
};
Miss miss_of(const View&, const Point&);
double ground_distance_of(const View&, const Point&);

/// All views of one thing.
using ViewsOfThing = std::vector<View>;

struct BundleRules {
  double mount_sigma_deg = 3;  ///< what is known beforehand of the camera's yaw and pitch against the headings
  double drift_sigma_deg =
      0.3;  ///< of the headings' error while one thing is in view, against that of the whole sequence
  int rounds = 25;
};

struct BundledPoint {
  Point point;
  double sigma_m = 0;   ///< horizontal, one axis; from the views and the common yaw
  double residual = 0;  ///< root mean square of the misses, in the views' sigmas
};

struct Bundle {
  std::vector<BundledPoint> points;  ///< one per thing, in the same order
  double yaw_deg = 0;                ///< the common error of the bearings: subtract it from them
  double pitch_deg = 0;              ///< and of the elevations
  double yaw_sigma_deg = 0;
};

/// Moves all points and one yaw and pitch common to all views to where the misses are least, under Cauchy's loss
/// (Levenberg-Marquardt; the points are eliminated, so the common system is 2x2). `starts` holds one point per thing.
Bundle bundled(std::span<const ViewsOfThing> things, std::span<const Point> starts, const BundleRules& = {});

/// The views as they are without the common error.
ViewsOfThing corrected(ViewsOfThing views, const Bundle&);

}  // namespace cairn::fusion
