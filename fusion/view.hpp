#pragma once
// Pixels -> directions in the world.

#include "fusion/fuse.hpp"

namespace cairn::fusion {

/// One look at a thing: from where, and in which direction.
struct View {
  EastNorth from;            ///< the camera, on a plane common to all views
  double up_m = 0;           ///< the camera's height over that plane
  double bearing_deg = 0;    ///< of the thing; 0 north, 90 east
  double elevation_deg = 0;  ///< above the horizon
  double sigma_deg = 0.1;    ///< of the direction: pixels and heading
  double sigma_m = 0;        ///< of the camera's place against the other views
};

/// How a picture's pixels map to directions.
struct Lens {
  Projection projection = Projection::flat;
  int width_px = 0, height_px = 0;  ///< upright
  double focal_px = 1;              ///< pixels per radian in the middle of the picture
};

/// The lens of an upright picture. A camera that states no (or no possible) focal length gets the rules' field of view
/// over its longer side.
Lens lens_of(const Camera&, const Observation&, const FuseRules&);

struct Direction {
  double azimuth_deg = 0;  ///< from the middle of the picture, positive to the right
  double elevation_deg = 0;
};
/// The direction of a pixel for a camera with that pitch (up positive) and roll (clockwise positive); its middle is the
/// optical axis.
Direction direction_of(const Lens&, double x_px, double y_px, double pitch_deg, double roll_deg);

/// Radians -> pixels at 640 px picture width: the unit in which rules state residuals.
double px640_per_radian(const Lens&);

}  // namespace cairn::fusion
