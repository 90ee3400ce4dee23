#pragma once

#include <opencv2/core/mat.hpp>

namespace cairn::vision {

inline constexpr int kLumaWidthPx = 640;

/// The brightness of a BGR picture, 8 bit, 640 px wide or as wide as the picture if that is narrower: what quality,
/// motion and the fingerprint look at.
cv::Mat luma_of(const cv::Mat& bgr);

}  // namespace cairn::vision
