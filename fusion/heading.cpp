#include "fusion/heading.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

// The course and the turns seen in the pictures are joined by least squares over the unwrapped heading: one unknown per
// point, one equation per course and per link between neighbours. The matrix is tridiagonal.

namespace cairn::fusion {
namespace {

constexpr double kDegrees = 180 / std::numbers::pi;
constexpr double kDriving_mps = 2;    ///< faster than a walker
constexpr double kSlowest_mps = 0.7;  ///< below it the direction of the smoothed velocity is noise
constexpr double kVaguestCourse_deg = 45;
constexpr double kSteadyScatter_deg =
    2;  ///< of a device that follows turns of kTurning_deg this closely its mount is believed
constexpr double kTurning_deg = 10;
constexpr double kForward_deg = 15;  ///< mounts within this of the course are taken as forward: compasses err as much
constexpr double kMostScatter_deg = 25;
constexpr double kDeviceSigma_deg = 5;
constexpr double kCourseFloor_deg = 0.5;

double course_of(const TrackPoint& point) {
  return heading_within_circle(std::atan2(point.velocity.east_m, point.velocity.north_m) * kDegrees);
}

bool has_course(const TrackPoint& point) {
  return point.speed_mps > kSlowest_mps && point.course_sigma_deg < kVaguestCourse_deg;
}

bool drives(const TrackPoint& point) { return point.speed_mps > kDriving_mps && has_course(point); }

std::optional<double> device_heading(const SequenceToFuse& sequence, const TrackPoint& point) {
  const auto& heading = sequence.frames[point.frame].capture.fix.heading_deg;
  if (!heading || !std::isfinite(*heading) || std::abs(*heading) > 720) return std::nullopt;
  return heading_within_circle(*heading);
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

/// What the device's headings are worth: nothing when they don't follow the course.
struct DeviceTrust {
  bool usable = false;
  double mount_deg = 0;
};
DeviceTrust trust_in_device(const SequenceToFuse& sequence, const Trajectory& trajectory) {
  constexpr std::size_t kFewest = 3;
  std::vector<double> device, course, offsets;
  bool any = false;
  for (const auto& point : trajectory.points) {
    const auto heading = device_heading(sequence, point);
    any = any || heading.has_value();
    if (!heading || !drives(point)) continue;
    device.push_back(*heading);
    course.push_back(course_of(point));
    offsets.push_back(turn_deg(course.back(), *heading));
  }
  if (device.size() < kFewest) return {any, 0};
  const bool stuck = std::ranges::all_of(device, [&](double d) { return std::abs(turn_deg(device[0], d)) < 0.01; });
  if (stuck && spread_of(course).scatter_deg > 5) return {};
  const auto spread = spread_of(offsets);
  if (spread.scatter_deg > kMostScatter_deg) return {};
  const double mount_deg = turn_deg(0, spread.centre_deg);
  const bool steady = spread.scatter_deg < kSteadyScatter_deg && spread_of(course).scatter_deg > kTurning_deg;
  return {true, steady || std::abs(mount_deg) > kForward_deg ? mount_deg : 0};
}

/// How the heading changes from one point to the next, and how surely.
struct Link {
  double turn_deg = 0;
  double sigma_deg = 1;
};
Link link_between(const SequenceToFuse& sequence, const TrackPoint& before, const TrackPoint& after) {
  const auto& frame = sequence.frames[after.frame];
  if (after.frame == before.frame + 1 && tells_rotation(frame)) {
    const double yaw_deg = *frame.observation.motion->yaw_deg;
    return {yaw_deg, 0.3 + 0.1 * std::abs(yaw_deg)};  // a focal length that is 10 % off scales the turn
  }
  return {0, std::clamp(15 * (after.time_s - before.time_s), 1.0, 90.0)};
}

struct Equations {
  std::vector<double> diagonal, beside, right;
};

/// Solves a symmetric tridiagonal system; `beside[i]` couples i and i + 1. Also gives the diagonal of the inverse, in
/// `diagonal`.
std::vector<double> solved(Equations& system) {
  const std::size_t count = system.diagonal.size();
  std::vector<double> forward = system.diagonal, backward = system.diagonal, x = system.right;
  for (std::size_t i = 1; i < count; ++i) {
    const double factor = system.beside[i - 1] / forward[i - 1];
    forward[i] -= factor * system.beside[i - 1];
    x[i] -= factor * x[i - 1];
  }
  for (std::size_t i = count - 1; i-- > 0;) backward[i] -= system.beside[i] * system.beside[i] / backward[i + 1];
  x[count - 1] /= forward[count - 1];
  for (std::size_t i = count - 1; i-- > 0;) x[i] = (x[i] - system.beside[i] * x[i + 1]) / forward[i];
  for (std::size_t i = 0; i < count; ++i) system.diagonal[i] = 1 / (forward[i] + backward[i] - system.diagonal[i]);
  return x;
}

/// What is measured directly at each point: a direction with its sigma, or nothing.
using Directions = std::vector<std::optional<Heading>>;

std::vector<Heading> joined(const SequenceToFuse& sequence, const Trajectory& trajectory,
                            const Directions& directions) {
  const auto& points = trajectory.points;
  const std::size_t count = points.size();
  Equations system{std::vector<double>(count, 1e-9), std::vector<double>(count, 0), std::vector<double>(count, 0)};
  std::optional<double> unwrapped;
  double seen_turn_deg = 0;  // since the last direction: it tells on which turn of the circle the next one lies
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) {
      const auto link = link_between(sequence, points[i - 1], points[i]);
      const double weight = 1 / (link.sigma_deg * link.sigma_deg);
      seen_turn_deg += link.turn_deg;
      system.diagonal[i - 1] += weight;
      system.diagonal[i] += weight;
      system.beside[i - 1] = -weight;
      system.right[i - 1] -= weight * link.turn_deg;
      system.right[i] += weight * link.turn_deg;
    }
    if (!directions[i]) continue;
    const double expected = unwrapped.value_or(directions[i]->deg) + seen_turn_deg * (unwrapped ? 1 : 0);
    unwrapped = expected + turn_deg(heading_within_circle(expected), directions[i]->deg);
    seen_turn_deg = 0;
    const double weight = 1 / (directions[i]->sigma_deg * directions[i]->sigma_deg);
    system.diagonal[i] += weight;
    system.right[i] += weight * *unwrapped;
  }
  const auto deg = solved(system);
  std::vector<Heading> headings(count);
  for (std::size_t i = 0; i < count; ++i)
    headings[i] = {heading_within_circle(deg[i]), std::min(180.0, std::sqrt(system.diagonal[i]))};
  return headings;
}

Directions directions_of(const SequenceToFuse& sequence, const Trajectory& trajectory, const DeviceTrust& device) {
  Directions directions;
  for (const auto& point : trajectory.points) {
    const auto from_device = device.usable ? device_heading(sequence, point) : std::nullopt;
    if (drives(point) || (!from_device && has_course(point))) {
      directions.push_back(Heading{heading_within_circle(course_of(point) + device.mount_deg),
                                   std::max(kCourseFloor_deg, point.course_sigma_deg)});
    } else if (from_device) {
      directions.push_back(Heading{*from_device, kDeviceSigma_deg});
    } else {
      directions.push_back(std::nullopt);
    }
  }
  return directions;
}

HeadingSource source_of(const Trajectory& trajectory, const DeviceTrust& device) {
  const auto driven = std::ranges::count_if(trajectory.points, drives);
  if (driven * 2 > static_cast<std::ptrdiff_t>(trajectory.points.size())) {
    return device.mount_deg != 0 ? HeadingSource::course_with_mount : HeadingSource::course;
  }
  if (device.usable) return HeadingSource::device;
  return std::ranges::any_of(trajectory.points, has_course) ? HeadingSource::course : HeadingSource::unknown;
}

}  // namespace

std::string_view name_of(HeadingSource source) {
  switch (source) {
    case HeadingSource::unknown: return "unknown";
    case HeadingSource::course: return "course";
    case HeadingSource::course_with_mount: return "course_with_mount";
    case HeadingSource::device: return "device";
  }
  return "unknown";
}

bool tells_rotation(const ObservedFrame& frame) {
  constexpr int kFewestPoints = 30;
  constexpr double kLeastShare = 0.4;
  const auto& motion = frame.observation.motion;
  return frame.capture.camera.projection == Projection::flat && motion && motion->yaw_deg &&
         std::isfinite(*motion->yaw_deg) && std::abs(*motion->yaw_deg) < 90 &&
         motion->tracked_points >= kFewestPoints && motion->inlier_share >= kLeastShare;
}

Headings headings_of(const SequenceToFuse& sequence, const Trajectory& trajectory) {
  if (trajectory.points.empty()) return {};
  const auto device = trust_in_device(sequence, trajectory);
  const auto directions = directions_of(sequence, trajectory, device);
  Headings headings{source_of(trajectory, device), device.mount_deg, {}};
  if (headings.source == HeadingSource::unknown) {
    headings.per_point.resize(trajectory.points.size());
  } else {
    headings.per_point = joined(sequence, trajectory, directions);
  }
  return headings;
}

}  // namespace cairn::fusion
