#pragma once
// What a device's own headings are worth.

#include "fusion/trajectory.hpp"

#include <optional>
#include <vector>

namespace cairn::fusion {

/// Direction of the smoothed velocity, in [0, 360).
double course_of(const TrackPoint&);
/// Whether that direction is more than noise.
bool has_course(const TrackPoint&);
/// Whether the point moves faster than a walker, with a course.
bool drives(const TrackPoint&);

struct DeviceHeadings {
  std::vector<std::optional<double>> believed;  ///< degrees, one per point of the trajectory
  double mount_deg = 0;                         ///< from the course to the view, as far as the device can tell
};

/// Headings that never turn while the course does, or that scatter around the course of a vehicle, are not believed.
/// Neither are those that the pictures contradict: where objects grow, the camera moves along its view, so its heading
/// is its course. A compass that is more than 60 degrees off there is not believed up to the next picture that speaks
/// for it.
DeviceHeadings device_headings_of(const SequenceToFuse&, const Trajectory&);

/// True when the flow of the picture tells a rotation that can be used. A panorama's never does: its flow is no flat
/// picture's.
bool tells_rotation(const ObservedFrame&);

}  // namespace cairn::fusion
