#include "fusion/heading.hpp"

#include "fusion/device_heading.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

// The course and the turns seen in the pictures are joined by least squares over the unwrapped heading: one unknown per
// point, one equation per course and per link between neighbours. The matrix is tridiagonal.

namespace cairn::fusion {
namespace {

constexpr double kDeviceSigma_deg = 5;
constexpr double kCourseFloor_deg = 0.5;

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

Directions directions_of(const Trajectory& trajectory, const DeviceHeadings& device) {
  Directions directions;
  for (std::size_t i = 0; i < trajectory.points.size(); ++i) {
    const auto& point = trajectory.points[i];
    const auto& from_device = device.believed[i];
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

HeadingSource source_of(const Trajectory& trajectory, const DeviceHeadings& device) {
  const auto most = [&](std::ptrdiff_t count) {
    return count * 2 > static_cast<std::ptrdiff_t>(trajectory.points.size());
  };
  const auto believed = std::ranges::count_if(device.believed, [](const auto& heading) { return heading.has_value(); });
  const bool has_any_course = std::ranges::any_of(trajectory.points, has_course);
  if (most(std::ranges::count_if(trajectory.points, drives))) {
    return device.mount_deg != 0 ? HeadingSource::course_with_mount : HeadingSource::course;
  }
  if (most(believed) || (believed > 0 && !has_any_course)) return HeadingSource::device;
  return has_any_course ? HeadingSource::course : HeadingSource::unknown;
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

Headings headings_of(const SequenceToFuse& sequence, const Trajectory& trajectory) {
  if (trajectory.points.empty()) return {};
  auto device = device_headings_of(sequence, trajectory);
  if (sequence.mount_deg && std::ranges::any_of(trajectory.points, has_course)) {
    std::ranges::fill(device.believed, std::nullopt);
    device.mount_deg = *sequence.mount_deg;
  }
  const auto directions = directions_of(trajectory, device);
  Headings headings{source_of(trajectory, device), device.mount_deg, {}};
  if (headings.source == HeadingSource::unknown) {
    headings.per_point.resize(trajectory.points.size());
  } else {
    headings.per_point = joined(sequence, trajectory, directions);
  }
  return headings;
}

}  // namespace cairn::fusion
