#include "fusion/smoother.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace cairn::fusion {
namespace {

using Eigen::Matrix2d;
using Eigen::Vector2d;

constexpr double kLongestGap_s = 600;
constexpr double kUnknownPlace_m2 = 1e10;
constexpr double kUnknownVelocity = 1e4;  ///< (100 m/s)^2: no vehicle of ours is faster

constexpr double kCauchyScale = 2.4;  ///< in sigmas (95 % efficiency on clean data)
constexpr std::size_t kUnknowns = 2;  ///< the first samples only tell where the line starts and leads

struct Belief {
  Vector2d mean;
  Matrix2d covariance;
};

Matrix2d motion_over(double dt) { return (Matrix2d{} << 1, dt, 0, 1).finished(); }

Matrix2d noise_over(double dt, double agility) {
  return agility * (Matrix2d{} << dt * dt * dt / 3, dt * dt / 2, dt * dt / 2, dt).finished();
}

Belief measured(const Belief& before, const LineSample& sample) {
  const double innovation_variance = before.covariance(0, 0) + sample.variance_m2;
  const Vector2d gain = before.covariance.col(0) / innovation_variance;
  Matrix2d keep = Matrix2d::Identity();
  keep.col(0) -= gain;
  // Joseph's form keeps the covariance symmetric and positive.
  return {before.mean + gain * (sample.value_m - before.mean(0)),
          keep * before.covariance * keep.transpose() + gain * gain.transpose() * sample.variance_m2};
}

double log_likelihood_of(const Belief& predicted, const LineSample& sample) {
  const double variance = predicted.covariance(0, 0) + sample.variance_m2;
  const double surprise = std::pow(sample.value_m - predicted.mean(0), 2) / variance;
  return -0.5 *
         (std::log(variance) + kCauchyScale * kCauchyScale * std::log1p(surprise / (kCauchyScale * kCauchyScale)));
}

}  // namespace

SmoothedLine smoothed_line(std::span<const LineSample> samples) {
  const std::size_t count = samples.size();
  if (count == 0) return {};
  SmoothedLine result;
  std::vector<Belief> predicted(count);
  std::vector<Belief> filtered(count);
  std::vector<Matrix2d> motion(count, Matrix2d::Identity());
  predicted[0] = {{samples[0].value_m, 0}, Vector2d{kUnknownPlace_m2, kUnknownVelocity}.asDiagonal()};
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) {
      const double dt = std::clamp(samples[i].time_s - samples[i - 1].time_s, 0.0, kLongestGap_s);
      motion[i] = motion_over(dt);
      predicted[i] = {motion[i] * filtered[i - 1].mean, motion[i] * filtered[i - 1].covariance * motion[i].transpose() +
                                                            noise_over(dt, samples[i].agility)};
    }
    filtered[i] = measured(predicted[i], samples[i]);
    if (i >= kUnknowns) result.log_likelihood += log_likelihood_of(predicted[i], samples[i]);
  }

  result.states.resize(count);
  Belief after = filtered[count - 1];
  for (std::size_t i = count; i-- > 0;) {
    if (i + 1 < count) {
      const Matrix2d gain = filtered[i].covariance * motion[i + 1].transpose() * predicted[i + 1].covariance.inverse();
      const Vector2d mean = filtered[i].mean + gain * (after.mean - predicted[i + 1].mean);
      const Matrix2d covariance =
          filtered[i].covariance + gain * (after.covariance - predicted[i + 1].covariance) * gain.transpose();
      after = {mean, covariance};
    }
    result.states[i] = {after.mean(0), after.mean(1), std::max(0.0, after.covariance(0, 0)),
                        std::max(0.0, after.covariance(1, 1))};
  }
  return result;
}

}  // namespace cairn::fusion
