#include "vision/luma.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace cairn::vision {

cv::Mat luma_of(const cv::Mat& bgr) {
  cv::Mat smaller = bgr, luma;
  if (bgr.cols > kLumaWidthPx) {
    const double height = static_cast<double>(bgr.rows) * kLumaWidthPx / bgr.cols;
    cv::resize(bgr, smaller, {kLumaWidthPx, std::max(1, static_cast<int>(std::lround(height)))}, 0, 0, cv::INTER_AREA);
  }
  cv::cvtColor(smaller, luma, cv::COLOR_BGR2GRAY);
  return luma;
}

}  // namespace cairn::vision
