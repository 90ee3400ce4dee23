#pragma once
// What a phone's receiver and inertial sensors would have said.

#include "core/lat_lon.hpp"
#include "core/time.hpp"
#include "services/simulate/geometry.hpp"
#include "services/simulate/random.hpp"

#include <optional>

namespace cairn::simulate {

/// Errors of a satellite receiver: white noise, and a bias that wanders as a first-order Gauss-Markov process, both per
/// axis (east, north). 0 everywhere is a perfect receiver.
struct GnssModel {
  double white_m = 0.5;
  double bias_m = 1.0;         ///< standard deviation of the bias in the long run
  double bias_seconds = 60;    ///< after this time the bias has forgotten 63 % of itself
  double height_factor = 1.7;  ///< heights are worse by this
  double heading_deg = 0.5;    ///< standard deviation of the direction of view
  double speed_mps = 0.15;
  std::optional<double> outage_from_s;  ///< seconds after the start; no report until outage_seconds later
  double outage_seconds = 10;
};

struct GnssReport {
  LatLon place;
  double altitude_m = 0;
  double accuracy_m = 0;  ///< one sigma, horizontal, as the receiver believes
  double speed_mps = 0;
  double heading_deg = 0;
};

/// Error of a place, in metres.
class GnssErrors {
 public:
  GnssErrors(const GnssModel&, Random);
  /// The error at a time; times must not go back.
  Vec3 at(double seconds);

 private:
  GnssModel model_;
  Random random_;
  std::optional<double> last_s_;
  Vec3 bias_;
};

/// Accelerometer (m/s2, with gravity) and gyroscope (deg/s) in the vehicle: x forward, y left, z up.
struct ImuSample {
  UtcTime taken_at{};
  Vec3 acceleration;
  Vec3 rotation;
};

/// Sensor noise and constant bias of a phone's IMU, added to true values.
class ImuErrors {
 public:
  explicit ImuErrors(Random);
  ImuSample of(ImuSample truth);

 private:
  Random random_;
  Vec3 acceleration_bias_;
  Vec3 rotation_bias_;
};

}  // namespace cairn::simulate
