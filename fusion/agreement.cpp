#include "fusion/agreement.hpp"

#include "core/angle.hpp"
#include "fusion/device_heading.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

// Both turning rates are summed over windows of a second. Under "belongs together" the visual turn of a window is the
// track's turn times an unknown scale (the focal length may be guessed) plus noise; under "does not" it is any turn
// that the same pictures show at some time, so its density is that of all windows. A straight stretch therefore tells
// nothing, a turn at the right time much. One window in ten may be an outlier (a lorry fills the picture). Cameras and
// receivers disagree on the time by up to a second, so the likelihood is averaged over lags. Windows that follow each
// other share a turn, so the sum of their logarithms is divided by kDependence.

namespace cairn::fusion {
namespace {

constexpr double kWindow_s = 1;
constexpr double kLongestStep_s = 3;       ///< between frames; optical flow over more tells nothing
constexpr double kVaguestTurningCourse_deg = 30;  ///< that can be compared with turns
constexpr int kFewestWindows = 8;
constexpr double kLeastSpread_dps = 0.5;  ///< a straight road: any track fits any pictures of it
constexpr double kMostLag_s = 1.5, kLagStep_s = 0.25, kLagSigma_s = 0.5;
constexpr std::size_t kMostCompared = 256;  ///< windows that stand for all in the density: enough for its shape
constexpr double kLeastScale = 0.6, kMostScale = 1.6;
constexpr double kVisualNoise_deg = 0.7, kScaleNoise = 0.15;
constexpr double kOutliers = 0.1;
constexpr double kDependence = 2;
constexpr double kMostLlr = 6;
constexpr double kPriorLogOdds = 1.386;  ///< 0.8: most of what is uploaded is what it says
/// A device's signature proves the device and the order, not the truth: it is worth little beside what pictures and track say.
constexpr double kSignedLlr = 1;
constexpr double kFastForStill_mps = 5, kStillFlow_px = 0.3;

struct Window {
  double begin_s = 0, end_s = 0;
  double visual_deg = 0;
};

bool tells_course(const TrackPoint& point) { return drives(point) && point.course_sigma_deg < kVaguestTurningCourse_deg; }

bool joins(const SequenceToFuse& sequence, const TrackPoint& before, const TrackPoint& after) {
  return after.frame == before.frame + 1 && after.time_s - before.time_s <= kLongestStep_s && tells_course(before) &&
         tells_course(after) && tells_rotation(sequence.frames[after.frame]);
}

std::vector<Window> windows_of(const SequenceToFuse& sequence, const std::vector<TrackPoint>& points) {
  std::vector<Window> windows;
  std::optional<Window> open;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (!joins(sequence, points[i - 1], points[i])) {
      open.reset();
      continue;
    }
    if (!open) open = Window{points[i - 1].time_s, 0, 0};
    open->end_s = points[i].time_s;
    open->visual_deg += *sequence.frames[points[i].frame].observation.motion->yaw_deg;
    if (open->end_s - open->begin_s < kWindow_s) continue;
    windows.push_back(*open);
    open.reset();
  }
  return windows;
}

/// The course over time, unwrapped.
class Course {
 public:
  explicit Course(const std::vector<TrackPoint>& points) : points_{points} {
    double deg = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double now_deg = std::atan2(points[i].velocity.east_m, points[i].velocity.north_m) * kDegrees;
      deg += turn_deg(heading_within_circle(deg), heading_within_circle(now_deg));
      deg_.push_back(deg);
    }
  }

  struct At {
    double deg = 0;
    double sigma_deg = 0;
  };
  /// Nothing outside the track, where it stands still and in its gaps.
  std::optional<At> at(double time_s) const {
    const auto after = std::ranges::lower_bound(points_, time_s, {}, &TrackPoint::time_s);
    if (after == points_.end()) return std::nullopt;
    const auto i = static_cast<std::size_t>(after - points_.begin());
    if (after->time_s == time_s && tells_course(*after)) return At{deg_[i], after->course_sigma_deg};
    if (i == 0) return std::nullopt;
    const auto& before = points_[i - 1];
    if (!tells_course(before) || !tells_course(*after) || after->time_s - before.time_s > kLongestStep_s)
      return std::nullopt;
    const double share = (time_s - before.time_s) / (after->time_s - before.time_s);
    return At{deg_[i - 1] + share * (deg_[i] - deg_[i - 1]),
              std::max(before.course_sigma_deg, after->course_sigma_deg)};
  }

 private:
  const std::vector<TrackPoint>& points_;
  std::vector<double> deg_;
};

struct Pair {
  double visual_deg = 0, track_deg = 0;
  double sigma_deg = 0;  ///< of the track's turn
  double duration_s = 1;
};

std::vector<Pair> pairs_at(double lag_s, const std::vector<Window>& windows, const Course& course) {
  std::vector<Pair> pairs;
  for (const auto& window : windows) {
    const auto begin = course.at(window.begin_s - lag_s);
    const auto end = course.at(window.end_s - lag_s);
    if (!begin || !end) continue;
    pairs.push_back({window.visual_deg, end->deg - begin->deg, std::max(begin->sigma_deg, end->sigma_deg),
                     window.end_s - window.begin_s});
  }
  return pairs;
}

double normal(double residual, double variance) {
  return std::exp(-0.5 * residual * residual / variance) / std::sqrt(variance);
}

struct Moments {
  double visual = 0, track = 0, product = 0;  ///< mean squares and mean product, (deg per window)^2
};
Moments moments_of(const std::vector<Pair>& pairs) {
  Moments sum;
  for (const auto& pair : pairs) {
    sum.visual += pair.visual_deg * pair.visual_deg;
    sum.track += pair.track_deg * pair.track_deg;
    sum.product += pair.visual_deg * pair.track_deg;
  }
  const auto count = static_cast<double>(std::max<std::size_t>(1, pairs.size()));
  return {sum.visual / count, sum.track / count, sum.product / count};
}

double scale_of(const Moments& moments) {
  return moments.track > 0 ? std::clamp(moments.product / moments.track, kLeastScale, kMostScale) : 1;
}

/// How often the pictures show a turn like this one at all.
double density_of(double visual_deg, double variance, const std::vector<Pair>& pairs) {
  const std::size_t stride = pairs.size() / kMostCompared + 1;
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < pairs.size(); i += stride, ++count)
    sum += normal(visual_deg - pairs[i].visual_deg, variance);
  return sum / static_cast<double>(count);
}

double llr_of(const std::vector<Pair>& pairs) {
  const double scale = scale_of(moments_of(pairs));
  double sum = 0;
  for (const auto& pair : pairs) {
    const double turned = kScaleNoise * std::max(std::abs(pair.visual_deg), std::abs(pair.track_deg));
    const double variance = kVisualNoise_deg * kVisualNoise_deg + turned * turned + pair.sigma_deg * pair.sigma_deg;
    const double together = normal(pair.visual_deg - scale * pair.track_deg, variance);
    const double apart = density_of(pair.visual_deg, variance, pairs);
    if (apart > 0) sum += std::log(kOutliers + (1 - kOutliers) * together / apart);
  }
  return sum / kDependence;
}

/// Standard deviation of a rate in degrees per second.
double spread_dps(const std::vector<Pair>& pairs, double Pair::*turn) {
  double sum = 0, squares = 0;
  for (const auto& pair : pairs) {
    const double rate = pair.*turn / pair.duration_s;
    sum += rate;
    squares += rate * rate;
  }
  const auto count = static_cast<double>(pairs.size());
  return std::sqrt(std::max(0.0, squares / count - (sum / count) * (sum / count)));
}

double mean_sigma_dps(const std::vector<Pair>& pairs) {
  double sum = 0;
  for (const auto& pair : pairs) sum += pair.sigma_deg / pair.duration_s;
  return sum / static_cast<double>(pairs.size());
}

double median_residual_dps(const std::vector<Pair>& pairs, double scale) {
  std::vector<double> residuals;
  for (const auto& pair : pairs)
    residuals.push_back(std::abs(pair.visual_deg - scale * pair.track_deg) / pair.duration_s);
  const auto middle = residuals.begin() + static_cast<std::ptrdiff_t>(residuals.size() / 2);
  std::nth_element(residuals.begin(), middle, residuals.end());
  return *middle;
}

/// One lag of the pictures behind the track, and what it makes of them.
struct Compared {
  double lag_s = 0;
  double llr = 0;
  std::vector<Pair> pairs;
};

std::vector<Compared> compared_at_all_lags(const std::vector<Window>& windows, const Course& course) {
  std::vector<Compared> all;
  const int steps = static_cast<int>(kMostLag_s / kLagStep_s);
  for (int step = -steps; step <= steps; ++step) {
    Compared one{step * kLagStep_s, 0, pairs_at(step * kLagStep_s, windows, course)};
    if (one.pairs.size() < static_cast<std::size_t>(kFewestWindows)) continue;
    one.llr = llr_of(one.pairs);
    all.push_back(std::move(one));
  }
  return all;
}

double lag_prior(const Compared& one) { return std::exp(-0.5 * std::pow(one.lag_s / kLagSigma_s, 2)); }

/// The logarithm of the likelihood ratio averaged over the lags.
double averaged_llr(const std::vector<Compared>& all, double most_llr) {
  double sum = 0, priors = 0;
  for (const auto& one : all) {
    sum += lag_prior(one) * std::exp(one.llr - most_llr);
    priors += lag_prior(one);
  }
  return most_llr + std::log(sum / priors);
}

void compare_turns(const SequenceToFuse& sequence, const Trajectory& trajectory, Agreement& found) {
  const auto all = compared_at_all_lags(windows_of(sequence, trajectory.points), Course{trajectory.points});
  if (all.empty()) return;
  const auto& best =
      *std::ranges::max_element(all, {}, [](const Compared& one) { return one.llr + std::log(lag_prior(one)); });
  const auto moments = moments_of(best.pairs);
  found.windows = static_cast<int>(best.pairs.size());
  found.lag_s = best.lag_s;
  found.visual_spread_dps = spread_dps(best.pairs, &Pair::visual_deg);
  found.track_spread_dps = spread_dps(best.pairs, &Pair::track_deg);
  const double power = std::sqrt(moments.visual * moments.track);
  found.correlation = power > 0 ? moments.product / power : 0;
  found.residual_dps = median_residual_dps(best.pairs, scale_of(moments));
  found.informative = std::max(found.visual_spread_dps - kVisualNoise_deg,
                               found.track_spread_dps - mean_sigma_dps(best.pairs)) >= kLeastSpread_dps;
  if (found.informative) found.turning_llr = std::clamp(averaged_llr(all, best.llr), -kMostLlr, kMostLlr);
}

/// A picture that stands still while the track drives: a photo of a photo, or a frozen video.
void find_still_pictures(const SequenceToFuse& sequence, const Trajectory& trajectory, Agreement& found) {
  int driven = 0, still = 0;
  for (std::size_t i = 1; i < trajectory.points.size(); ++i) {
    const auto& point = trajectory.points[i];
    const auto& motion = sequence.frames[point.frame].observation.motion;
    if (point.speed_mps < kFastForStill_mps || !motion || motion->tracked_points < 30) continue;
    ++driven;
    still += motion->median_flow_px < kStillFlow_px ? 1 : 0;
  }
  if (driven < kFewestWindows) return;
  found.still_share = static_cast<double>(still) / driven;
  if (found.still_share > 0.5) found.still_llr = -kMostLlr * found.still_share;
}

}  // namespace

Agreement agreement_of(const SequenceToFuse& sequence, const Trajectory& trajectory) {
  Agreement found;
  compare_turns(sequence, trajectory, found);
  find_still_pictures(sequence, trajectory, found);
  found.signed_llr = kSignedLlr * std::clamp(sequence.signed_share, 0.0, 1.0);
  found.trust = 1 / (1 + std::exp(-(kPriorLogOdds + found.turning_llr + found.still_llr + found.signed_llr)));
  return found;
}

}  // namespace cairn::fusion
