#pragma once
// The fixes of a sequence -> where the camera was, how fast and how surely.

#include "fusion/fuse.hpp"

#include <cstddef>
#include <vector>

namespace cairn::fusion {

/// One used frame on the plane that touches the globe at the trajectory's origin.
struct TrackPoint {
  std::size_t frame = 0;  ///< index in the sequence
  double time_s = 0;      ///< since the first point; equal claims are spread, so that it grows strictly
  EastNorth at;           ///< smoothed
  EastNorth velocity;     ///< m/s
  double speed_mps = 0;
  double course_sigma_deg = 180;  ///< of the direction of `velocity`
  double claimed_accuracy_m = 0;  ///< what the device says, or the default
  double accuracy_m = 0;          ///< one sigma of `at`
  double step_sigma_m = 0;        ///< the part of it that changes along the way
  double shift_m = 0;             ///< from the claimed place to the smoothed one
};

struct Trajectory {
  LatLon origin;
  std::vector<TrackPoint> points;  ///< the frames not refused before, in the order of time
  double noise_scale = 1;  ///< short-term noise of the fixes, as a multiple of what their accuracy leads one to expect
  double agility_scale = 1;  ///< the same for how sharply the velocity changes
};

/// Smooths the fixes of all frames not refused before. A fix that its neighbours contradict loses its weight, so that
/// one jump moves only its own frame. The result does not depend on the order of frames with different times.
Trajectory smoothed_trajectory(const SequenceToFuse&, const FuseRules&);

}  // namespace cairn::fusion
