#pragma once
// One coordinate over time: a constant-velocity Kalman filter run forwards and a Rauch-Tung-Striebel pass backwards.

#include <span>
#include <vector>

namespace cairn::fusion {

/// One measured coordinate.
struct LineSample {
  double time_s = 0;  ///< not before the sample's predecessor
  double value_m = 0;
  double variance_m2 = 1;  ///< of the measurement
  double agility = 1;      ///< spectral density of the white acceleration from the sample before to this one, m^2/s^3
};

struct LineState {
  double position_m = 0;
  double velocity_mps = 0;
  double position_variance_m2 = 0;
  double velocity_variance = 0;  ///< (m/s)^2
};

/// The state at every sample, from all samples. Starts without any knowledge of place or velocity. Gaps longer than ten
/// minutes count as ten minutes: nothing is known after either.
std::vector<LineState> smoothed_line(std::span<const LineSample> samples);

/// Log-likelihood of the samples under their variances and agilities, up to a constant; each sample's part grows only
/// logarithmically with its surprise, so that outliers don't decide. The first two samples only begin the line.
double line_log_likelihood(std::span<const LineSample> samples);

}  // namespace cairn::fusion
