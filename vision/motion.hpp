#pragma once

#include "core/observation.hpp"

#include <optional>

namespace cv {
class Mat;
}

namespace cairn::vision {

/// How the camera moved between two luma pictures of one size (8 bit, 640 px wide), from up to 400 corners that can be
/// followed forth and back. `focal_px` is at this width; without it a view 70 degrees wide is assumed, and the yaw is
/// as good as that guess. yaw_deg is absent when fewer than 20 points agree, forward also when the camera only turned
/// or stood (yaw 0). Pictures of different sizes give no motion at all. The same pictures give the same numbers:
/// sampling has a fixed seed.
std::optional<Motion> motion_between(const cv::Mat& before, const cv::Mat& now, std::optional<double> focal_px);

}  // namespace cairn::vision
