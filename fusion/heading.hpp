#pragma once
// Where the camera looked.

#include "fusion/trajectory.hpp"

#include <string_view>
#include <vector>

namespace cairn::fusion {

struct Heading {
  double deg = 0;          ///< direction of view, in [0, 360)
  double sigma_deg = 180;  ///< against the other frames of the sequence; a common offset comes on top
};

enum class HeadingSource { unknown, course, course_with_mount, device };
std::string_view name_of(HeadingSource source);

struct Headings {
  HeadingSource source = HeadingSource::unknown;
  double mount_deg = 0;  ///< from the course to the view; 0 for cameras that look ahead, as far as the device can tell
  std::vector<Heading> per_point;  ///< one per point of the trajectory
};

/// In a vehicle the direction of view is the course over ground, joined to the turns seen in the pictures, plus a
/// constant mount angle when the device's own headings say that the camera looks elsewhere (more than 15 degrees off).
/// On foot it is the device's heading, as far as that is believed (device_heading.hpp), else the course. Frames without
/// either keep that of their neighbours. A mount angle that the sender stated goes before all that the device says, wherever
/// there is a course.
Headings headings_of(const SequenceToFuse&, const Trajectory&);

}  // namespace cairn::fusion
