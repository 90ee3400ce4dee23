#include "vision/derive.hpp"

#include "core/picture_grid.hpp"
#include "tests/catch.hpp"
#include "tests/vision/pictures.hpp"
#include "vision/picture_tiles.hpp"

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

TEST_CASE("smaller pictures show the same scene in the same colours, however the picture stores them") {
  const auto whole = scene(2600, 1950, 7);
  cv::Mat expected;
  cv::resize(whole, expected, {500, 375}, 0, 0, cv::INTER_AREA);
  for (const auto& form :
       {JpegForm{}, JpegForm{.h = 1, .v = 1}, JpegForm{.h = 2, .v = 1}, JpegForm{.h = 1, .v = 2},
        JpegForm{.h = 4, .v = 1}, JpegForm{.stored = JCS_RGB, .h = 1, .v = 1}, JpegForm{.progressive = true}}) {
    const auto smaller = std::get<SmallerPictures>(smaller_pictures(jpeg_of(whole, form), {}));
    CAPTURE(form.h, form.v, form.stored, form.progressive);
    CHECK(cv::norm(pixels_of(smaller.thumb), expected, cv::NORM_L1) / static_cast<double>(expected.total() * 3) <
          6);  // the grain makes 4.5
    CHECK(pixels_of(smaller.sd).size() == cv::Size(2048, 1536));
  }
}

TEST_CASE("a grey picture has grey smaller ones") {
  const auto smaller =
      std::get<SmallerPictures>(smaller_pictures(jpeg_of(scene(2600, 1950, 7), {.stored = JCS_GRAYSCALE}), {}));
  REQUIRE(cv::imdecode(std::vector<std::uint8_t>(
                           reinterpret_cast<const std::uint8_t*>(smaller.thumb.data()),
                           reinterpret_cast<const std::uint8_t*>(smaller.thumb.data()) + smaller.thumb.size()),
                       cv::IMREAD_UNCHANGED)
              .channels() == 1);
}

TEST_CASE("pictures of any shape have smaller ones of their shape") {
  const auto seed = seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  for (int i = 0; i < 40; ++i) {
    const int width = static_cast<int>(random.whole(1, 900)), height = static_cast<int>(random.whole(1, 900));
    const DeriveRules rules{.sd_width_px = static_cast<int>(random.whole(1, 600)),
                            .thumb_width_px = static_cast<int>(random.whole(1, 300))};
    CAPTURE(width, height, rules.sd_width_px, rules.thumb_width_px);
    const auto smaller = std::get<SmallerPictures>(
        smaller_pictures(jpeg_of(cv::Mat(height, width, CV_8UC3, cv::Scalar(9, 99, 199))), rules));
    const auto sd = pixels_of(smaller.sd), thumb = pixels_of(smaller.thumb);
    REQUIRE(sd.cols == std::min(width, rules.sd_width_px));
    REQUIRE(thumb.cols == std::min({width, rules.sd_width_px, rules.thumb_width_px}));
    REQUIRE(std::abs(sd.rows - static_cast<double>(height) * sd.cols / width) <= 1);
    REQUIRE(std::abs(thumb.rows - static_cast<double>(height) * thumb.cols / width) <= 1);
  }
}

TEST_CASE("the tiles of a 360 picture, put together, are the picture, pixel for pixel") {
  for (const auto size : {cv::Size{2880, 1440}, cv::Size{2571, 1283}}) {
    // Without half-size colours: their smoothing looks across the cuts.
    const auto jpeg = jpeg_of(scene(size.width, size.height, 3), {.h = 1, .v = 1});
    const auto grid = picture_grid_of(size.width, size.height);
    const auto tiles = std::get<std::vector<Bytes>>(picture_tiles(jpeg));
    REQUIRE(tiles.size() == static_cast<std::size_t>(grid.columns * grid.rows));
    cv::Mat whole(size, CV_8UC3);
    for (int i = 0; i < grid.columns * grid.rows; ++i) {
      const auto tile = pixels_of(tiles[static_cast<std::size_t>(i)]);
      const cv::Point corner{i % grid.columns * grid.tile_width_px, i / grid.columns * grid.tile_height_px};
      tile.copyTo(whole(cv::Rect{corner, tile.size()}));
    }
    REQUIRE(cv::norm(whole, pixels_of(jpeg), cv::NORM_INF) == 0);
  }
}

TEST_CASE("tiles hold no metadata, and a broken picture has none") {
  const auto jpeg = jpeg_of(scene(2048, 1024, 3));
  const auto tagged = with_segment(jpeg, 0xE1, "secret");
  const auto tiles = std::get<std::vector<Bytes>>(picture_tiles(tagged));
  for (const auto& tile : tiles)
    REQUIRE(text_of(tile).find("secret") == std::string_view::npos);
  REQUIRE(std::get<Refusal>(picture_tiles(ByteView{jpeg}.first(jpeg.size() / 2))).reason == Reason::broken_file);
}

TEST_CASE("every grid covers its picture and has no empty tile") {
  for (int width = 512; width <= 16'384; width += 97) {
    for (const int height : {width / 2, width / 3, 500}) {
      const auto grid = picture_grid_of(width, height);
      CAPTURE(width, height);
      REQUIRE(grid.columns * grid.tile_width_px >= width);
      REQUIRE((grid.columns - 1) * grid.tile_width_px < width);
      REQUIRE(grid.rows * grid.tile_height_px >= height);
      REQUIRE((grid.rows - 1) * grid.tile_height_px < height);
    }
  }
}
