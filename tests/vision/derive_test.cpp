#include "vision/derive.hpp"

#include "tests/catch.hpp"
#include "tests/vision/pictures.hpp"

using namespace cairn;
using namespace cairn::testing;
using namespace cairn::vision;

TEST_CASE("sd is 2048 px wide, thumb 500 px, both in the shape of the picture") {
  const auto smaller = std::get<SmallerPictures>(smaller_pictures(jpeg_of(scene(2600, 1300, 1)), {}));
  REQUIRE(pixels_of(smaller.sd).size() == cv::Size(2048, 1024));
  REQUIRE(pixels_of(smaller.thumb).size() == cv::Size(500, 250));
}

TEST_CASE("a picture no wider than sd is its own sd, byte for byte") {
  const auto jpeg = jpeg_of(scene(1024, 768, 1));
  const auto smaller = std::get<SmallerPictures>(smaller_pictures(jpeg, {}));
  REQUIRE(smaller.sd == jpeg);
  REQUIRE(pixels_of(smaller.thumb).size() == cv::Size(500, 375));
}

TEST_CASE("nothing is enlarged") {
  const auto smaller = std::get<SmallerPictures>(smaller_pictures(jpeg_of(scene(300, 200, 1)), {}));
  REQUIRE(pixels_of(smaller.thumb).size() == cv::Size(300, 200));
}

TEST_CASE("a picture that can't be decoded has no smaller ones") {
  const auto jpeg = jpeg_of(scene(1024, 768, 1));
  REQUIRE(std::get<Refusal>(smaller_pictures(ByteView{jpeg}.first(jpeg.size() - 9), {})).reason == Reason::broken_file);
}
