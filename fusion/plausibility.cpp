#include "fusion/plausibility.hpp"

#include "fusion/decimal_text.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace cairn::fusion {
namespace {

constexpr double kMostShift = 3;         ///< in accuracies
constexpr double kShortestStep_s = 0.5;  ///< an acceleration over less is noise
constexpr std::size_t kStuckFrames = 5;
constexpr double kStuck_s = 5;
constexpr double kMovingFlow_px = 4;  ///< median, at 640 px width: more than a camera in the hand of someone who stands
constexpr double kMovingForward = 0.5;
constexpr double kMoving_mps = 3;

Refusal implausible(const std::string& detail) { return {Reason::implausible_track, detail}; }

/// The change of velocity around a point, over at least half a second.
double acceleration_at(const std::vector<TrackPoint>& points, std::size_t i) {
  std::size_t first = i, last = i;
  while (points[last].time_s - points[first].time_s < kShortestStep_s && (first > 0 || last + 1 < points.size())) {
    if (first > 0) --first;
    if (last + 1 < points.size()) ++last;
  }
  const double dt = points[last].time_s - points[first].time_s;
  if (dt < kShortestStep_s) return 0;
  const EastNorth before = points[first].velocity, after = points[last].velocity;
  return std::hypot(after.east_m - before.east_m, after.north_m - before.north_m) / dt;
}

bool says_that_it_moves(const ObservedFrame& frame) {
  const auto& motion = frame.observation.motion;
  const bool flows = motion && motion->median_flow_px > kMovingFlow_px && motion->forward.value_or(0) > kMovingForward;
  return flows || frame.capture.fix.speed_mps.value_or(0) > kMoving_mps;
}

/// Marks runs of frames at exactly one place; a receiver that works trembles by centimetres.
void find_stuck(const SequenceToFuse& sequence, const std::vector<TrackPoint>& points,
                std::vector<Plausibility>& found) {
  const auto& frames = sequence.frames;
  for (std::size_t first = 0; first < points.size();) {
    std::size_t end = first + 1;
    std::size_t moving = 0;
    const auto place = frames[points[first].frame].capture.fix.place;
    while (end < points.size() && frames[points[end].frame].capture.fix.place == place) {
      moving += says_that_it_moves(frames[points[end].frame]) ? 1 : 0;
      ++end;
    }
    const double lasted_s = points[end - 1].time_s - points[first].time_s;
    if (end - first >= kStuckFrames && lasted_s >= kStuck_s && moving * 2 > end - first) {
      for (std::size_t i = first + 1; i < end; ++i) found[i].stuck_s = lasted_s;
    }
    first = end;
  }
}

std::optional<Refusal> refusal_of(const TrackPoint& point, const Plausibility& found, const FuseRules& rules) {
  if (point.claimed_accuracy_m > rules.worst_accuracy_m)
    return implausible("accuracy " + decimal_text(point.claimed_accuracy_m, 1) + " m");
  if (point.speed_mps > rules.fastest_mps) return implausible("speed " + decimal_text(point.speed_mps * 3.6, 1) + " km/h");
  if (point.shift_m > kMostShift * point.claimed_accuracy_m) {
    return implausible("the place lies " + decimal_text(point.shift_m, 1) + " m from where its neighbours put it");
  }
  if (found.acceleration_mps2 > rules.hardest_mps2)
    return implausible("acceleration " + decimal_text(found.acceleration_mps2, 1) + " m/s2");
  if (found.stuck_s > 0)
    return implausible("the receiver repeated one place for " + decimal_text(found.stuck_s, 1) + " s of driving");
  return std::nullopt;
}

}  // namespace

std::vector<Plausibility> plausibility_of(const SequenceToFuse& sequence, const Trajectory& trajectory,
                                          const FuseRules& rules) {
  const auto& points = trajectory.points;
  std::vector<Plausibility> found(points.size());
  find_stuck(sequence, points, found);
  for (std::size_t i = 0; i < points.size(); ++i) {
    found[i].acceleration_mps2 = acceleration_at(points, i);
    found[i].refusal = refusal_of(points[i], found[i], rules);
  }
  return found;
}

}  // namespace cairn::fusion
