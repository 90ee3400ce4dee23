#pragma once
// Whether a vehicle or a person can have made the track.

#include "fusion/trajectory.hpp"

#include <vector>

namespace cairn::fusion {

/// What was found about one point of the trajectory.
struct Plausibility {
  double acceleration_mps2 = 0;
  double stuck_s = 0;              ///< how long the receiver repeated this place while the camera moved on
  std::optional<Refusal> refusal;  ///< implausible_track, with the value that led there
};

/// One per point of the trajectory. Refused is what no vehicle does: faster than the rules allow, braking beyond the
/// grip of tyres, a place that its neighbours contradict by more than three times its accuracy, an accuracy worse than
/// the rules allow, a receiver stuck for five frames and five seconds while the pictures or the device's own speed say
/// that it moved.
std::vector<Plausibility> plausibility_of(const SequenceToFuse&, const Trajectory&, const FuseRules&);

}  // namespace cairn::fusion
