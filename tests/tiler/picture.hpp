#pragma once
// Pictures as GDAL reads them.

#include "core/bytes.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace cairn::tiler::testing {

/// Of a PNG with a palette.
struct ReadPicture {
  int width = 0, height = 0;
  std::vector<std::array<std::uint8_t, 4>> pixels;  ///< red, green, blue, alpha, row by row from the north-west
};
/// Throws when GDAL can't read it, or it has no palette.
ReadPicture read_picture(ByteView png);

}  // namespace cairn::tiler::testing
