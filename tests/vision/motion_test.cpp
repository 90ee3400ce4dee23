#include "vision/motion.hpp"

#include "tests/catch.hpp"
#include "tests/vision/pictures.hpp"

#include <cmath>
#include <numbers>

using namespace cairn::testing;
using cairn::vision::motion_between;

namespace {

constexpr double kFocal = 500;
constexpr int kFiner = 4;  ///< drawn larger and shrunk, for edges between pixels

struct Square {
  cv::Vec3d place;  ///< x right, y down, z ahead, metres
  double half_side;
  double grey;
};

std::vector<Square> world(std::uint64_t seed) {
  Random random{seed};
  std::vector<Square> squares;
  for (int i = 0; i < 500; ++i) {
    const double z = random.between(6, 60);
    squares.push_back({{random.between(-0.9, 0.9) * z, random.between(-0.5, 0.5) * z, z},
                       random.between(0.1, 0.5),
                       random.between(20, 235)});
  }
  std::sort(squares.begin(), squares.end(), [](const auto& a, const auto& b) { return a.place[2] > b.place[2]; });
  return squares;
}

/// What a camera sees that stands `ahead` metres along z and has turned right.
cv::Mat view(const std::vector<Square>& squares, double ahead, double right_deg) {
  const double angle = right_deg * std::numbers::pi / 180;
  cv::Mat fine(360 * kFiner, 640 * kFiner, CV_8UC1, cv::Scalar{128});
  for (const auto& square : squares) {
    const double x0 = square.place[0], z0 = square.place[2] - ahead;
    const double x = x0 * std::cos(angle) - z0 * std::sin(angle), z = x0 * std::sin(angle) + z0 * std::cos(angle);
    if (z < 1) continue;
    const double scale = kFocal * kFiner / z, side = square.half_side * scale;
    const cv::Point2d centre{320.0 * kFiner + x * scale, 180.0 * kFiner + square.place[1] * scale};
    cv::rectangle(fine, cv::Rect2d{centre.x - side, centre.y - side, 2 * side, 2 * side}, {square.grey}, cv::FILLED);
  }
  cv::Mat seen;
  cv::resize(fine, seen, {640, 360}, 0, 0, cv::INTER_AREA);
  return seen;
}

}  // namespace

TEST_CASE("a turn to the right has a positive yaw of its size, one to the left a negative") {
  const auto squares = world(3);
  for (const double turn : {-3.0, -1.0, 1.0, 3.0}) {
    const auto motion = motion_between(view(squares, 0, 0), view(squares, 1.0, turn), kFocal);
    CAPTURE(turn);
    REQUIRE(motion);
    REQUIRE(motion->yaw_deg);
    REQUIRE(*motion->yaw_deg == Approx(turn).margin(0.25));
  }
}

TEST_CASE("driving ahead gives a forward near 1, backing a forward near -1, and no yaw") {
  const auto squares = world(4);
  const auto ahead = motion_between(view(squares, 0, 0), view(squares, 1.0, 0), kFocal);
  const auto back = motion_between(view(squares, 1.0, 0), view(squares, 0, 0), kFocal);
  REQUIRE(ahead->tracked_points > 100);
  REQUIRE(ahead->inlier_share > 0.7);
  REQUIRE(ahead->forward.value() > 0.97);
  REQUIRE(std::abs(ahead->yaw_deg.value()) < 0.2);
  REQUIRE(back->forward.value() < -0.97);
}

TEST_CASE("a camera that only turns has a yaw and no direction") {
  const auto squares = world(5);
  const auto motion = motion_between(view(squares, 0, 0), view(squares, 0, 2.0), kFocal);
  REQUIRE(*motion->yaw_deg == Approx(2.0).margin(0.25));
  REQUIRE_FALSE(motion->forward);
}

TEST_CASE("a camera that stands has no flow, no yaw and no direction") {
  const auto picture = view(world(6), 0, 0);
  const auto motion = motion_between(picture, picture, kFocal);
  REQUIRE(motion->median_flow_px < 0.05);
  REQUIRE_FALSE(motion->forward);
  REQUIRE(motion->yaw_deg == 0.0);
}

TEST_CASE("pictures with nothing to follow say so, pictures of two sizes give no motion") {
  const cv::Mat flat(360, 640, CV_8UC1, cv::Scalar{90});
  const auto motion = motion_between(flat, flat, kFocal);
  REQUIRE(motion->tracked_points == 0);
  REQUIRE_FALSE(motion->yaw_deg);
  REQUIRE_FALSE(motion_between(flat, flat.rowRange(0, 300), kFocal));
}

TEST_CASE("the same pictures give the same motion") {
  const auto squares = world(7);
  const auto before = view(squares, 0, 0), now = view(squares, 1.5, 1.0);
  const auto first = motion_between(before, now, kFocal), second = motion_between(before, now, kFocal);
  REQUIRE(*first->yaw_deg == *second->yaw_deg);
  REQUIRE(*first->forward == *second->forward);
}
