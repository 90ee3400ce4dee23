#include "vision/luma.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace cairn::vision {

cv::Mat luma_of(const cv::Mat& bgr) {
  cv::Mat luma, smaller;
  cv::cvtColor(bgr, luma, cv::COLOR_BGR2GRAY);  // first: averaging one channel costs a third of three
  if (bgr.cols <= kLumaWidthPx) return luma;
  const double height = static_cast<double>(bgr.rows) * kLumaWidthPx / bgr.cols;
  cv::resize(luma, smaller, {kLumaWidthPx, std::max(1, static_cast<int>(std::lround(height)))}, 0, 0, cv::INTER_AREA);
  return smaller;
}

}  // namespace cairn::vision
