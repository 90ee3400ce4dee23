// Method: corners (Shi-Tomasi), pyramidal Lucas-Kanade forth and back, essential matrix by MAGSAC++, rotation and
// direction of the translation from its decomposition. What flow is left once the rotation is taken away says whether
// there is a translation.

#include "vision/motion.hpp"

#include "core/angle.hpp"

#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace cairn::vision {
namespace {

constexpr int kCorners = 400;
constexpr double kBackErrorPx = 1.0;  ///< a point followed forth and back returns this closely
constexpr float kMostUnlike =
    25;  ///< grey levels by which a point's surroundings may change on average; more is another thing
constexpr double kSampsonPx = 0.5;  ///< 1 px doubles the yaw error on a real drive
constexpr int kMostSamples = 300;
constexpr int kLeastPoints = 20;
constexpr double kLeastParallaxPx = 0.7;  ///< median flow without rotation below which the direction is noise
constexpr double kStandingPx = 0.1;       ///< median flow below which the camera stands and every direction fits
constexpr double kDefaultViewDeg = 70;

using Points = std::vector<cv::Point2f>;

struct Matches {
  Points before, now;
};

using Pyramid = std::vector<cv::Mat>;

const cv::Size kWindow{15, 15};
constexpr int kLevels = 4;

Pyramid pyramid_of(const cv::Mat& luma) {
  Pyramid levels;
  cv::buildOpticalFlowPyramid(luma, levels, kWindow, kLevels);
  return levels;
}

/// The points that could be followed, and where to.
Matches followed(const Pyramid& from, const Pyramid& to, const Points& points) {
  const cv::TermCriteria enough{cv::TermCriteria::COUNT + cv::TermCriteria::EPS, 12, 0.02};
  Points moved;
  std::vector<std::uint8_t> found;
  std::vector<float> errors;
  if (!points.empty()) cv::calcOpticalFlowPyrLK(from, to, points, moved, found, errors, kWindow, kLevels, enough);
  Matches matches;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!found[i] || errors[i] > kMostUnlike) continue;
    matches.before.push_back(points[i]);
    matches.now.push_back(moved[i]);
  }
  return matches;
}

/// Corners that are found again when followed forth and back.
Matches matches_between(const cv::Mat& before, const cv::Mat& now) {
  Points corners;
  cv::goodFeaturesToTrack(before, corners, kCorners, 0.01, 8);
  const auto from = pyramid_of(before), to = pyramid_of(now);
  const auto ahead = followed(from, to, corners);
  const auto back = followed(to, from, ahead.now);
  Matches matches;
  for (std::size_t i = 0, j = 0; i < back.before.size(); ++i, ++j) {
    while (ahead.now[j] != back.before[i]) ++j;  // back.before is ahead.now without those that were lost
    if (cv::norm(ahead.before[j] - back.now[i]) > kBackErrorPx) continue;
    matches.before.push_back(ahead.before[j]);
    matches.now.push_back(ahead.now[j]);
  }
  return matches;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

double median_flow(const Points& from, const Points& to) {
  std::vector<double> lengths;
  for (std::size_t i = 0; i < from.size(); ++i) lengths.push_back(cv::norm(to[i] - from[i]));
  return median(std::move(lengths));
}

/// Where the points would be if the camera had only turned.
Points turned(const Points& points, const cv::Matx33d& now_from_before, const cv::Matx33d& camera) {
  const auto homography = camera * now_from_before * camera.inv();
  Points moved;
  cv::perspectiveTransform(points, moved, homography);
  return moved;
}

}  // namespace

std::optional<Motion> motion_between(const cv::Mat& before, const cv::Mat& now, std::optional<double> focal_px) {
  if (before.size() != now.size()) return std::nullopt;
  const auto matches = matches_between(before, now);
  Motion motion;
  motion.tracked_points = static_cast<int>(matches.now.size());
  motion.median_flow_px = median_flow(matches.before, matches.now);
  if (motion.tracked_points < kLeastPoints) return motion;
  if (motion.median_flow_px < kStandingPx) {
    motion.inlier_share = 1;
    motion.yaw_deg = 0;
    return motion;
  }

  const double focal = focal_px.value_or(now.cols / 2.0 / std::tan(kDefaultViewDeg / 2 / kDegrees));
  const cv::Matx33d camera{focal, 0, now.cols / 2.0, 0, focal, now.rows / 2.0, 0, 0, 1};
  cv::Mat inliers;
  // cv::findEssentialMat's sampler starts from a constant of its own, so nothing random is left.
  const cv::Mat essential = cv::findEssentialMat(matches.before, matches.now, camera, cv::USAC_MAGSAC, 0.999,
                                                 kSampsonPx, kMostSamples, inliers);
  if (essential.rows != 3 || essential.cols != 3) return motion;
  const int agreeing = cv::countNonZero(inliers);
  motion.inlier_share = static_cast<double>(agreeing) / motion.tracked_points;
  if (agreeing < kLeastPoints) return motion;

  cv::Matx33d now_from_before;
  cv::Vec3d translation;
  cv::recoverPose(essential, matches.before, matches.now, camera, now_from_before, translation, inliers);
  // A turn to the right brings what was straight ahead to the left: x of the rotated view axis is negative.
  motion.yaw_deg = std::atan2(-now_from_before(0, 2), now_from_before(2, 2)) * kDegrees;
  if (median_flow(turned(matches.before, now_from_before, camera), matches.now) >= kLeastParallaxPx) {
    motion.forward = (-(now_from_before.t() * translation))[2];
  }
  return motion;
}

}  // namespace cairn::vision
