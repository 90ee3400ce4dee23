#include "tiler/raster/picture.hpp"

#include "tests/catch.hpp"
#include "tests/tiler/raster/tiff.hpp"

using namespace cairn;
using namespace cairn::tiler;
using namespace cairn::tiler::testing;
using raster::Pixels;

TEST_CASE("a mean weighs each pixel by how much of it shows") {
  Pixels child(4 * 4 * 4, 0);
  const Pixels opaque{200, 100, 0, 255, 100, 100, 0, 255};
  std::copy(opaque.begin(), opaque.end(), child.begin());
  const auto parent = raster::halved({Pixels{}, child, {}, {}}, 4);
  REQUIRE(Pixels(parent.begin() + 8, parent.begin() + 12) == Pixels{150, 100, 0, 128});  // the child stands in the north-east
  REQUIRE(raster::halved({}, 4).empty());
}

TEST_CASE("a PNG keeps every pixel that shows, and a JPEG is white where none does") {
  Pixels pixels(256 * 256 * 4, 0);
  for (std::size_t i = 0; i < pixels.size() / 2; i += 4) {
    pixels[i] = static_cast<std::uint8_t>(i % 251);
    pixels[i + 3] = 255;
  }
  REQUIRE(decoded(raster::encoded_picture(pixels, 256, TileFormat::png, 80)) == pixels);
  const auto jpeg = decoded(raster::encoded_picture(pixels, 256, TileFormat::jpeg, 90));
  REQUIRE(Pixels(jpeg.end() - 4, jpeg.end()) == Pixels{255, 255, 255, 255});
}
