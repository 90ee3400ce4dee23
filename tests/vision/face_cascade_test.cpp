#include "vision/detector.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

using namespace cairn;
using namespace cairn::vision;
using Catch::Matchers::Contains;

namespace {

cv::Mat noise(int width, int height, std::uint64_t seed) {
  cv::Mat picture(height, width, CV_8UC3);  // in braces it would be a list of three numbers
  cv::RNG{seed}.fill(picture, cv::RNG::UNIFORM, 0, 256);
  return picture;
}

void oval(cv::Mat& picture, cv::Point2f middle, float across, float high, int grey) {
  cv::ellipse(picture, cv::RotatedRect{middle, {across, high}, 0}, cv::Scalar::all(grey), cv::FILLED, cv::LINE_AA);
}

/// What the cascade knows of a face: eyes darker than what lies around them, a bright nose between, a dark mouth.
void draw_face(cv::Mat& picture, cv::Point2f middle, float size) {
  const auto part = [&](float x, float y, float across, float high, int grey) {
    oval(picture, middle + size * cv::Point2f{x, y}, size * across, size * high, grey);
  };
  part(0, 0, 1, 1.3f, 205);
  for (const float side : {-0.2f, 0.2f}) {
    part(side, -0.22f, 0.3f, 0.07f, 60);
    part(side, -0.1f, 0.28f, 0.16f, 110);
    part(side, -0.1f, 0.12f, 0.1f, 30);
  }
  part(0, 0.06f, 0.1f, 0.32f, 230);
  part(0, 0.16f, 0.18f, 0.06f, 150);
  part(0, 0.36f, 0.4f, 0.1f, 110);
  cv::GaussianBlur(picture, picture, {5, 5}, 0);
}

}  // namespace

TEST_CASE("a drawn face is found where it is, in a small picture and in one that is searched smaller, surely enough for any threshold") {
  const auto detector = make_face_cascade();
  for (const int scale : {1, 3}) {
    cv::Mat picture(240 * scale, 320 * scale, CV_8UC3, cv::Scalar::all(150));
    const cv::Point2f middle(200.f * static_cast<float>(scale), 110.f * static_cast<float>(scale));
    draw_face(picture, middle, 80.f * static_cast<float>(scale));
    const auto found = detector->detect(picture);
    CAPTURE(scale);
    REQUIRE(found.size() == 1);
    REQUIRE(found[0].object == ObjectClass::head);
    REQUIRE(found[0].score == 1);
    const auto& box = found[0].box;
    CHECK(std::abs((box.left + box.right) / 2 - middle.x) < 15 * scale);
    CHECK(std::abs((box.top + box.bottom) / 2 - middle.y) < 25 * scale);
    CHECK(box.width() >= 80.f * static_cast<float>(scale));
  }
  CHECK(detector->detect(cv::Mat(240, 320, CV_8UC3, cv::Scalar::all(150))).empty());
}

TEST_CASE("a missing cascade is named, with what to do") {
  CHECK_THROWS_WITH(make_face_cascade("/nowhere"),
                    "can't read the cascade /nowhere/haarcascade_frontalface_default.xml; install Debian's package opencv-data");
}

TEST_CASE("the face cascade finds the same boxes twice, all within the picture") {
  const auto seed = testing::seed_of_run();
  INFO("seed " << seed);
  const auto detector = make_face_cascade();
  for (const auto& picture : {noise(300, 200, seed), noise(1, 1, seed), noise(1500, 30, seed), noise(20, 400, seed)}) {
    const auto first = detector->detect(picture), second = detector->detect(picture);
    CHECK(std::equal(first.begin(), first.end(), second.begin(), second.end(), [](const auto& a, const auto& b) { return a.box == b.box; }));
    for (const auto& [object, box, score] : first) {
      CHECK((box.left >= 0 && box.top >= 0 && box.right <= static_cast<float>(picture.cols) && box.bottom <= static_cast<float>(picture.rows)));
    }
  }
}

TEST_CASE("the face cascade takes only 8-bit colour pictures") {
  const auto detector = make_face_cascade();
  CHECK_THROWS_WITH(detector->detect(cv::Mat{}), Contains("8-bit BGR"));
  CHECK_THROWS_WITH(detector->detect(cv::Mat(8, 8, CV_8UC1)), Contains("8-bit BGR"));
}
