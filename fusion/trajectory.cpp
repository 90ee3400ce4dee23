#include "fusion/trajectory.hpp"

#include "fusion/smoother.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>

// A constant-velocity smoother per axis, reweighted with Cauchy's loss over both axes. The error of a receiver has a
// part that changes from fix to fix and one that stays for half a minute (the sky above it); no smoothing of one pass
// removes the second. kJitterShare splits the stated accuracy between them. How large the changing part really is, and
// how lively the driver, follows from the fixes: of a grid of both the pair under which they are most likely.

namespace cairn::fusion {
namespace {

constexpr double kJitterShare = 0.5;  ///< of the stated accuracy (sigma); the rest stays, so 0.5^2 + 0.87^2 = 1
constexpr double kStayingShare = 0.866;
constexpr double kFixScale =
    2.4;  ///< residuals beyond it, in sigmas, count for less (95 % efficiency on clean data)
constexpr int kReweightings = 12;
constexpr std::array kNoiseScales{1.0, 0.5, 2.0, 0.25, 4.0, 1.0 / 8, 8.0, 1.0 / 16};
constexpr std::array kAgilityScales{1.0, 0.25, 1.0 / 16, 1.0 / 64, 1.0 / 256};
constexpr double kNoisePrior = 1, kAgilityPrior = 1;  ///< how far off, as a logarithm, is no surprise

struct Fixes {
  std::vector<double> time_s;
  std::vector<EastNorth> at;
  std::vector<double> accuracy_m;
  std::vector<double> agility;
};

/// Devices without sub-second times give several frames one time: spread them over the second, or up to the next time.
std::vector<double> strictly_growing(std::vector<double> time_s) {
  for (std::size_t first = 0; first < time_s.size();) {
    std::size_t end = first + 1;
    while (end < time_s.size() && time_s[end] == time_s[first]) ++end;
    const double room_s = end < time_s.size() ? std::min(1.0, time_s[end] - time_s[first]) : 1.0;
    for (std::size_t i = first + 1; i < end; ++i)
      time_s[i] += room_s * static_cast<double>(i - first) / static_cast<double>(end - first);
    first = end;
  }
  return time_s;
}

double accuracy_of(const Fix& fix, const FuseRules& rules) {
  const double stated = fix.accuracy_m.value_or(0);
  return std::isfinite(stated) && stated > 0 ? std::clamp(stated, 0.02, 1e5) : rules.default_accuracy_m;
}

/// How sharply the velocity changes: little on foot, up to 4 m/s^2 sideways in a car's turn.
double agility_at(double speed_mps) { return std::min(6.0, 0.5 + 0.05 * speed_mps * speed_mps); }

/// The median speed of the steps around each fix, so that one jump does not make a walker a car.
std::vector<double> agilities(const std::vector<double>& time_s, const std::vector<EastNorth>& at) {
  constexpr std::size_t kAround = 3;
  std::vector<double> speed(at.size(), 0);
  for (std::size_t i = 1; i < at.size(); ++i) {
    speed[i] =
        std::hypot(at[i].east_m - at[i - 1].east_m, at[i].north_m - at[i - 1].north_m) / (time_s[i] - time_s[i - 1]);
  }
  std::vector<double> agility(at.size(), agility_at(0));
  for (std::size_t i = 1; i < at.size(); ++i) {
    const std::size_t first = i > kAround ? i - kAround : 1;
    std::vector<double> near(speed.begin() + static_cast<std::ptrdiff_t>(first),
                             speed.begin() + static_cast<std::ptrdiff_t>(std::min(i + kAround + 1, at.size())));
    const auto middle = near.begin() + static_cast<std::ptrdiff_t>(near.size() / 2);
    std::nth_element(near.begin(), middle, near.end());
    agility[i] = agility_at(*middle);
  }
  return agility;
}

/// How noisy the receiver and how lively the driver are, as multiples of what is expected.
struct Temper {
  double noise = 1;
  double agility = 1;
};

struct Smoothed {
  std::vector<LineState> east, north;
  std::vector<double> residual_m;
};

struct Samples {
  std::vector<LineSample> east, north;
};

Samples samples_of(const Fixes& fixes, const Temper& temper, const std::vector<double>& weights) {
  Samples samples;
  for (std::size_t i = 0; i < fixes.at.size(); ++i) {
    const double sigma_m = kJitterShare * temper.noise * fixes.accuracy_m[i];
    const double variance_m2 = sigma_m * sigma_m / weights[i];
    const double agility = temper.agility * fixes.agility[i];
    samples.east.push_back({fixes.time_s[i], fixes.at[i].east_m, variance_m2, agility});
    samples.north.push_back({fixes.time_s[i], fixes.at[i].north_m, variance_m2, agility});
  }
  return samples;
}

Smoothed smoothed_once(const Fixes& fixes, const Temper& temper, const std::vector<double>& weights) {
  const auto samples = samples_of(fixes, temper, weights);
  Smoothed result{smoothed_line(samples.east), smoothed_line(samples.north), {}};
  for (std::size_t i = 0; i < fixes.at.size(); ++i) {
    result.residual_m.push_back(
        std::hypot(fixes.at[i].east_m - result.east[i].position_m, fixes.at[i].north_m - result.north[i].position_m));
  }
  return result;
}

Smoothed smoothed_robustly(const Fixes& fixes, const Temper& temper) {
  std::vector<double> weights(fixes.at.size(), 1.0);
  auto result = smoothed_once(fixes, temper, weights);
  for (int round = 0; round < kReweightings; ++round) {
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const double in_sigmas = result.residual_m[i] / (kJitterShare * temper.noise * fixes.accuracy_m[i]);
      weights[i] = 1 / (1 + std::pow(in_sigmas / kFixScale, 2));
    }
    result = smoothed_once(fixes, temper, weights);
  }
  return result;
}

/// The noise and the agility under which the fixes are most likely, on a coarse grid. Few fixes leave it near where it
/// began.
Temper temper_of(const Fixes& fixes) {
  Temper best;
  std::optional<double> most;
  const std::vector<double> weights(fixes.at.size(), 1.0);
  for (const double noise : kNoiseScales) {
    for (const double agility : kAgilityScales) {
      const auto samples = samples_of(fixes, {noise, agility}, weights);
      const double prior = std::pow(std::log(noise) / kNoisePrior, 2) + std::pow(std::log(agility) / kAgilityPrior, 2);
      const double likelihood = line_log_likelihood(samples.east) + line_log_likelihood(samples.north) - 0.5 * prior;
      if (most && likelihood <= *most) continue;
      most = likelihood;
      best = {noise, agility};
    }
  }
  return best;
}

TrackPoint point_of(const Fixes& fixes, const Smoothed& smoothed, std::size_t i, double noise_scale) {
  TrackPoint point;
  const auto& east = smoothed.east[i];
  const auto& north = smoothed.north[i];
  point.time_s = fixes.time_s[i];
  point.at = {east.position_m, north.position_m};
  point.velocity = {east.velocity_mps, north.velocity_mps};
  point.speed_mps = std::hypot(east.velocity_mps, north.velocity_mps);
  point.course_sigma_deg = std::atan2(std::sqrt(east.velocity_variance), point.speed_mps) * 180 / std::numbers::pi;
  point.claimed_accuracy_m = fixes.accuracy_m[i];
  const double staying_m = kStayingShare * fixes.accuracy_m[i] * std::max(1.0, noise_scale);
  point.accuracy_m = std::sqrt(east.position_variance_m2 + staying_m * staying_m);
  point.step_sigma_m = std::sqrt(east.position_variance_m2);
  point.shift_m = smoothed.residual_m[i];
  return point;
}

std::vector<std::size_t> used_in_order_of_time(const SequenceToFuse& sequence) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < sequence.frames.size(); ++i) {
    if (!sequence.frames[i].refusal) order.push_back(i);
  }
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return sequence.frames[i].capture.fix.taken_at; });
  return order;
}

}  // namespace

Trajectory smoothed_trajectory(const SequenceToFuse& sequence, const FuseRules& rules) {
  const auto order = used_in_order_of_time(sequence);
  Trajectory trajectory;
  if (order.empty()) return trajectory;
  const auto fix_of = [&](std::size_t i) -> const Fix& { return sequence.frames[order[i]].capture.fix; };
  trajectory.origin = fix_of(0).place;

  Fixes fixes;
  for (std::size_t i = 0; i < order.size(); ++i) {
    fixes.time_s.push_back(seconds_between(fix_of(0).taken_at, fix_of(i).taken_at));
    fixes.at.push_back(step_between(trajectory.origin, fix_of(i).place));
    fixes.accuracy_m.push_back(accuracy_of(fix_of(i), rules));
  }
  fixes.time_s = strictly_growing(std::move(fixes.time_s));
  fixes.agility = agilities(fixes.time_s, fixes.at);

  const auto temper = temper_of(fixes);
  trajectory.noise_scale = temper.noise;
  trajectory.agility_scale = temper.agility;
  const auto smoothed = smoothed_robustly(fixes, temper);
  for (std::size_t i = 0; i < order.size(); ++i) {
    trajectory.points.push_back(point_of(fixes, smoothed, i, trajectory.noise_scale));
    trajectory.points.back().frame = order[i];
  }
  return trajectory;
}

}  // namespace cairn::fusion
