#include "vision/phash.hpp"

#include "tests/catch.hpp"
#include "tests/vision/pictures.hpp"
#include "vision/luma.hpp"

#include <bit>

using namespace cairn::testing;
using namespace cairn::vision;

namespace {
int bits_apart(const cv::Mat& a, const cv::Mat& b) {
  return std::popcount(phash_of(luma_of(a)) ^ phash_of(luma_of(b)));
}
}  // namespace

TEST_CASE("the fingerprint survives compression, scaling, and a change of brightness") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto picture = scene(960, 540, seed);
    cv::Mat smaller, darker;
    cv::resize(picture, smaller, {700, 394}, 0, 0, cv::INTER_AREA);
    picture.convertTo(darker, -1, 0.8, -5);
    REQUIRE(bits_apart(picture, pixels_of(jpeg_of(picture, {.quality = 40}))) <= 2);
    REQUIRE(bits_apart(picture, smaller) <= 4);
    REQUIRE(bits_apart(picture, darker) <= 2);
  }
}

TEST_CASE("fingerprints of different pictures are far apart") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed)
    REQUIRE(bits_apart(scene(640, 360, seed), scene(640, 360, seed + 100)) >= 16);
}

TEST_CASE("half of the bits are set, since the median is the border") {
  REQUIRE(std::popcount(phash_of(luma_of(scene(640, 360, 3)))) == 31);
}
