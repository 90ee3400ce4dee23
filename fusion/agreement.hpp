#pragma once
// Proof of drive: whether the turns seen in the pictures are those of the track.

#include "fusion/trajectory.hpp"

namespace cairn::fusion {

/// What the comparison found. A log-likelihood ratio is how much more likely the values are if track and pictures
/// belong together than if they don't; natural logarithm, clamped to +-6; 0 where nothing can be told.
struct Agreement {
  int windows = 0;               ///< compared stretches of about a second
  double visual_spread_dps = 0;  ///< standard deviation of the turning rate, in the pictures
  double track_spread_dps = 0;   ///< and in the track
  double correlation = 0;        ///< of both, at the best lag
  double lag_s = 0;              ///< of the pictures behind the track
  double residual_dps = 0;       ///< median absolute difference
  bool informative = false;      ///< enough windows, and something turns
  double turning_llr = 0;
  double still_share = 0;  ///< of the frames at driving speed whose picture does not change
  double still_llr = 0;    ///< <= 0
  double signed_llr = 0;   ///< >= 0, for files that a device of the contributor signed
  double trust = 0;        ///< 0-1, from all of these and the prior
};

/// Compares one sequence's pictures with its track. Abstains on straight roads, on foot and on few frames: then trust
/// is the prior, 0.8.
Agreement agreement_of(const SequenceToFuse&, const Trajectory&);

}  // namespace cairn::fusion
