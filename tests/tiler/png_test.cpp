#include "tiler/png.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"
#include "tests/tiler/picture.hpp"

#include <stdexcept>

using namespace cairn;
using namespace cairn::tiler;
using cairn::tiler::testing::read_picture;

TEST_CASE("GDAL reads of a PNG every pixel in its colour, and the first colour as nothing") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  cairn::testing::Random random{seed};
  for (const std::size_t side : {2u, 6u, 256u}) {
    for (const int colours : {1, 2, 16}) {
      CAPTURE(side, colours);
      std::vector<Rgb> palette(static_cast<std::size_t>(colours));
      for (auto& colour : palette) {
        for (auto& part : colour) part = static_cast<std::uint8_t>(random.whole(0, 255));
      }
      std::vector<std::uint8_t> pixels(side * side);
      for (auto& pixel : pixels) pixel = static_cast<std::uint8_t>(random.whole(0, colours - 1));
      const auto read = read_picture(indexed_png(pixels, side, palette));
      REQUIRE((read.width == static_cast<int>(side) && read.height == static_cast<int>(side)));
      for (std::size_t i = 0; i < pixels.size(); ++i) {
        const auto& [red, green, blue] = palette[pixels[i]];
        const std::array<std::uint8_t, 4> expected{red, green, blue, static_cast<std::uint8_t>(pixels[i] == 0 ? 0 : 255)};
        if (read.pixels[i] != expected) FAIL("pixel " << i << " is another");
      }
    }
  }
}

TEST_CASE("a PNG of one colour is small, and one that is cut short is read by nobody") {
  const auto png = indexed_png(std::vector<std::uint8_t>(256 * 256, 1), 256, std::vector<Rgb>{{0, 0, 0}, {200, 30, 40}});
  REQUIRE(png.size() < 300);
  REQUIRE_THROWS_AS(read_picture(ByteView{png}.first(40)), std::runtime_error);
}
