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

constexpr double kSurpriseScale = 2.4;  ///< in sigmas (95 % efficiency on clean data)
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
         (std::log(variance) + kSurpriseScale * kSurpriseScale * std::log1p(surprise / (kSurpriseScale * kSurpriseScale)));
}

/// The forward filter: what is believed before and after each sample.
struct Filtered {
  std::vector<Belief> before, after;
  std::vector<Matrix2d> motion;  ///< to each sample from the one before
};

Filtered filtered(std::span<const LineSample> samples) {
  Filtered line;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double dt = i == 0 ? 0 : std::clamp(samples[i].time_s - samples[i - 1].time_s, 0.0, kLongestGap_s);
    const auto& motion = line.motion.emplace_back(motion_over(dt));
    const Belief begun{{samples[0].value_m, 0}, Vector2d{kUnknownPlace_m2, kUnknownVelocity}.asDiagonal()};
    const Belief last = i == 0 ? begun : line.after.back();
    line.before.push_back(
        {motion * last.mean, motion * last.covariance * motion.transpose() + noise_over(dt, samples[i].agility)});
    line.after.push_back(measured(line.before.back(), samples[i]));
  }
  return line;
}

LineState state_of(const Belief& belief) {
  return {belief.mean(0), belief.mean(1), std::max(0.0, belief.covariance(0, 0)),
          std::max(0.0, belief.covariance(1, 1))};
}

}  // namespace

std::vector<LineState> smoothed_line(std::span<const LineSample> samples) {
  if (samples.empty()) return {};
  const auto line = filtered(samples);
  std::vector<LineState> states(samples.size());
  Belief smooth = line.after.back();
  states.back() = state_of(smooth);
  for (std::size_t i = samples.size() - 1; i-- > 0;) {
    const auto& here = line.after[i];
    const auto& expected = line.before[i + 1];
    const Matrix2d gain = here.covariance * line.motion[i + 1].transpose() * expected.covariance.inverse();
    const Vector2d mean = here.mean + gain * (smooth.mean - expected.mean);
    const Matrix2d covariance = here.covariance + gain * (smooth.covariance - expected.covariance) * gain.transpose();
    smooth = {mean, covariance};
    states[i] = state_of(smooth);
  }
  return states;
}

double line_log_likelihood(std::span<const LineSample> samples) {
  const auto line = filtered(samples);
  double sum = 0;
  for (std::size_t i = kUnknowns; i < samples.size(); ++i) sum += log_likelihood_of(line.before[i], samples[i]);
  return sum;
}

}  // namespace cairn::fusion
