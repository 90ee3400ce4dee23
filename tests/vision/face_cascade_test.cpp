#include "vision/detector.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"

#include <opencv2/core.hpp>

#include <algorithm>

using namespace cairn;
using namespace cairn::vision;
using Catch::Matchers::Contains;

namespace {

const std::string cascades = "/usr/share/opencv4/haarcascades";  // Debian's opencv-data

cv::Mat noise(int width, int height, std::uint64_t seed) {
  cv::Mat picture(height, width, CV_8UC3);  // in braces it would be a list of three numbers
  cv::RNG{seed}.fill(picture, cv::RNG::UNIFORM, 0, 256);
  return picture;
}

}  // namespace

TEST_CASE("a missing cascade is named, with what to do") {
  CHECK_THROWS_WITH(make_face_cascade("/nowhere"),
                    "can't read the cascade /nowhere/haarcascade_frontalface_default.xml; install Debian's opencv-data or name its "
                    "folder in the configuration");
}

TEST_CASE("the face cascade finds the same boxes twice, all within the picture") {
  const auto seed = testing::seed_of_run();
  INFO("seed " << seed);
  const auto detector = make_face_cascade(cascades);
  for (const auto& picture : {noise(300, 200, seed), noise(1, 1, seed), noise(1500, 30, seed), noise(20, 400, seed)}) {
    const auto first = detector->detect(picture), second = detector->detect(picture);
    CHECK(std::equal(first.begin(), first.end(), second.begin(), second.end(), [](const auto& a, const auto& b) { return a.box == b.box; }));
    for (const auto& [object, box, score] : first) {
      CHECK((box.left >= 0 && box.top >= 0 && box.right <= static_cast<float>(picture.cols) && box.bottom <= static_cast<float>(picture.rows)));
    }
  }
}

TEST_CASE("the face cascade takes only 8-bit colour pictures") {
  const auto detector = make_face_cascade(cascades);
  CHECK_THROWS_WITH(detector->detect(cv::Mat{}), Contains("8-bit BGR"));
  CHECK_THROWS_WITH(detector->detect(cv::Mat(8, 8, CV_8UC1)), Contains("8-bit BGR"));
}
