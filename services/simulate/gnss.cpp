#include "services/simulate/gnss.hpp"

namespace cairn::simulate {
namespace {

Vec3 normals(Random& random, double sigma, double sigma_up) {
  const double x = random.normal(), y = random.normal(), z = random.normal();
  return {x * sigma, y * sigma, z * sigma_up};
}

}  // namespace

GnssErrors::GnssErrors(const GnssModel& model, Random random) : model_{model}, random_{random} {}

Vec3 GnssErrors::at(double seconds) {
  const double up = model_.height_factor;
  if (!last_s_) {
    bias_ = normals(random_, model_.bias_m, model_.bias_m * up);
  } else {
    // The exact step of a first-order Gauss-Markov process, for any spacing of samples.
    const double kept = std::exp(-(seconds - *last_s_) / model_.bias_seconds);
    const double fresh = model_.bias_m * std::sqrt(1 - kept * kept);
    bias_ = bias_ * kept + normals(random_, fresh, fresh * up);
  }
  last_s_ = seconds;
  return bias_ + normals(random_, model_.white_m, model_.white_m * up);
}

// Typical of a phone: 0.05 m/s2 and 0.1 deg/s of noise at 50 Hz, biases of the same order.
ImuErrors::ImuErrors(Random random) : random_{random} {
  acceleration_bias_ = normals(random_, 0.05, 0.05);
  rotation_bias_ = normals(random_, 0.1, 0.1);
}

ImuSample ImuErrors::of(ImuSample truth) {
  truth.acceleration = truth.acceleration + acceleration_bias_ + normals(random_, 0.05, 0.05);
  truth.rotation = truth.rotation + rotation_bias_ + normals(random_, 0.1, 0.1);
  return truth;
}

}  // namespace cairn::simulate
