#include "vision/quality.hpp"

#include "tests/catch.hpp"
#include "tests/vision/pictures.hpp"
#include "vision/luma.hpp"

using namespace cairn;
using namespace cairn::testing;
using namespace cairn::vision;

namespace {

cv::Mat street() { return luma_of(scene(1280, 720, 7)); }

cv::Mat brightened(double gain, double offset) {
  cv::Mat changed;
  street().convertTo(changed, -1, gain, offset);
  return changed;
}

}  // namespace

TEST_CASE("a sharp, well exposed picture is accepted without a reason") {
  const auto quality = quality_of(street());
  REQUIRE(quality.decision == QualityDecision::accept);
  REQUIRE(quality.reasons.empty());
  REQUIRE(quality.score > 0.9);
  REQUIRE(quality.values.size() == 6);
}

TEST_CASE("a strongly blurred picture is rejected as blurred") {
  cv::Mat blurred;
  cv::GaussianBlur(street(), blurred, {}, 8);
  const auto quality = quality_of(blurred);
  REQUIRE(quality.decision == QualityDecision::reject);
  REQUIRE(quality.reasons == std::vector<std::string>{"blurred"});
}

TEST_CASE("the more blur, the lower the score") {
  double before = 2;
  for (const double sigma : {1.0, 2.0, 4.0, 8.0}) {
    cv::Mat blurred;
    cv::GaussianBlur(street(), blurred, {}, sigma);
    const double score = quality_of(blurred).score;
    REQUIRE(score <= before);
    before = score;
  }
}

TEST_CASE("a black picture is rejected as too dark, a white one as over-exposed") {
  const auto black = quality_of(brightened(0.05, 0)), white = quality_of(brightened(1, 200));
  REQUIRE(black.decision == QualityDecision::reject);
  REQUIRE(std::ranges::count(black.reasons, "too_dark") == 1);
  REQUIRE(white.decision == QualityDecision::reject);
  REQUIRE(std::ranges::count(white.reasons, "over_exposed") == 1);
}

TEST_CASE("a picture without any texture is rejected as blurred") {
  const auto quality = quality_of(cv::Mat(360, 640, CV_8UC1, cv::Scalar{128}));
  REQUIRE(quality.decision == QualityDecision::reject);
  REQUIRE(quality.score == 0);
}
