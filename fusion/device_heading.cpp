#include "fusion/device_heading.hpp"

#include "core/angle.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::fusion {
namespace {

constexpr double kDriving_mps = 2;    ///< faster than a walker
constexpr double kSlowest_mps = 0.7;  ///< below it the direction of the smoothed velocity is noise
constexpr double kVaguestCourse_deg = 45;
constexpr double kSteadyScatter_deg =
    2;  ///< of a device that follows turns of kTurning_deg this closely its mount is believed
constexpr double kTurning_deg = 10;
constexpr double kForward_deg = 15;  ///< mounts within this of the course are taken as forward: compasses err as much
constexpr double kMostScatter_deg = 25;
constexpr double kAlongView = 0.9;         ///< share of the translation along the view: 26 degrees off at most
constexpr double kContradiction_deg = 60;  ///< more than that, a vague course and a rough compass together

std::optional<double> claimed_heading(const SequenceToFuse& sequence, const TrackPoint& point) {
  const auto& heading = sequence.frames[point.frame].capture.fix.heading_deg;
  if (!heading || !std::isfinite(*heading) || std::abs(*heading) > 720) return std::nullopt;
  return heading_within_circle(*heading);
}

/// Where the camera must look because the pictures see it move along its view, or backwards.
std::optional<double> seen_heading(const SequenceToFuse& sequence, const TrackPoint& point) {
  const auto& frame = sequence.frames[point.frame];
  if (!has_course(point) || !tells_rotation(frame)) return std::nullopt;
  const double forward = frame.observation.motion->forward.value_or(0);
  if (!(std::abs(forward) >= kAlongView)) return std::nullopt;
  return heading_within_circle(course_of(point) + (forward < 0 ? 180 : 0));
}

/// Removes the headings that most pictures contradict, run by run: a compass keeps its error until it jumps.
void drop_contradicted(const SequenceToFuse& sequence, const Trajectory& trajectory, std::vector<std::optional<double>>& headings) {
  for (std::size_t begin = 0, end = 0; begin < headings.size(); begin = end) {
    int for_it = 0, against_it = 0;
    for (end = begin; end < headings.size(); ++end) {
      if (end > begin && headings[end] && headings[end - 1] && std::abs(turn_deg(*headings[end - 1], *headings[end])) > kContradiction_deg) break;
      const auto seen = seen_heading(sequence, trajectory.points[end]);
      if (seen && headings[end]) ++(std::abs(turn_deg(*seen, *headings[end])) > kContradiction_deg ? against_it : for_it);
    }
    if (against_it <= for_it) continue;
    std::fill(headings.begin() + static_cast<std::ptrdiff_t>(begin), headings.begin() + static_cast<std::ptrdiff_t>(end), std::nullopt);
  }
}

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double circular_mean_deg(const std::vector<double>& angles_deg) {
  double east = 0, north = 0;
  for (const double angle : angles_deg) {
    east += std::sin(angle / kDegrees);
    north += std::cos(angle / kDegrees);
  }
  return std::atan2(east, north) * kDegrees;
}

/// The angle around which angles scatter, by two rounds of medians, and how far half of them lie from it.
struct Spread {
  double centre_deg = 0;
  double scatter_deg = 0;
};
Spread spread_of(const std::vector<double>& angles_deg) {
  Spread spread{circular_mean_deg(angles_deg), 0};
  std::vector<double> turns;
  for (const double angle : angles_deg) turns.push_back(turn_deg(spread.centre_deg, angle));
  spread.centre_deg += median_of(turns);
  for (auto& turn : turns) turn = std::abs(turn);
  spread.scatter_deg = median_of(turns);
  return spread;
}

/// The mount angle; nothing when the headings don't follow the course.
std::optional<double> mount_of(const Trajectory& trajectory, const std::vector<std::optional<double>>& headings) {
  constexpr std::size_t kFewest = 3;
  std::vector<double> device, course, offsets;
  for (std::size_t i = 0; i < headings.size(); ++i) {
    if (!headings[i] || !drives(trajectory.points[i])) continue;
    device.push_back(*headings[i]);
    course.push_back(course_of(trajectory.points[i]));
    offsets.push_back(turn_deg(course.back(), *headings[i]));
  }
  if (device.size() < kFewest) return 0;
  const bool stuck = std::ranges::all_of(device, [&](double d) { return std::abs(turn_deg(device[0], d)) < 0.01; });
  if (stuck && spread_of(course).scatter_deg > 5) return std::nullopt;
  const auto spread = spread_of(offsets);
  if (spread.scatter_deg > kMostScatter_deg) return std::nullopt;
  const double mount_deg = turn_deg(0, spread.centre_deg);
  const bool steady = spread.scatter_deg < kSteadyScatter_deg && spread_of(course).scatter_deg > kTurning_deg;
  return steady || std::abs(mount_deg) > kForward_deg ? mount_deg : 0;
}

}  // namespace

double course_of(const TrackPoint& point) {
  return heading_within_circle(std::atan2(point.velocity.east_m, point.velocity.north_m) * kDegrees);
}

bool has_course(const TrackPoint& point) {
  return point.speed_mps > kSlowest_mps && point.course_sigma_deg < kVaguestCourse_deg;
}

bool drives(const TrackPoint& point) { return point.speed_mps > kDriving_mps && has_course(point); }

DeviceHeadings device_headings_of(const SequenceToFuse& sequence, const Trajectory& trajectory) {
  DeviceHeadings device;
  for (const auto& point : trajectory.points) device.believed.push_back(claimed_heading(sequence, point));
  drop_contradicted(sequence, trajectory, device.believed);
  if (const auto mount_deg = mount_of(trajectory, device.believed)) {
    device.mount_deg = *mount_deg;
  } else {
    std::ranges::fill(device.believed, std::nullopt);
  }
  return device;
}

bool tells_rotation(const ObservedFrame& frame) {
  constexpr int kFewestPoints = 30;
  constexpr double kLeastShare = 0.4;
  const auto& motion = frame.observation.motion;
  return frame.capture.camera.projection == Projection::flat && motion && motion->yaw_deg &&
         std::isfinite(*motion->yaw_deg) && std::abs(*motion->yaw_deg) < 90 &&
         motion->tracked_points >= kFewestPoints && motion->inlier_share >= kLeastShare;
}

}  // namespace cairn::fusion
