#pragma once
// The pixels of one tile.

#include "core/bytes.hpp"
#include "tiler/archive/archive.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace cairn::tiler::raster {

/// Red, green, blue, alpha, row by row from the north-west; empty: nothing shows.
using Pixels = std::vector<std::uint8_t>;

bool shows_nothing(const Pixels& pixels);

/// A tile half as fine, `side` pixels wide as each of its four children, which come in the order of TileId::children. A pixel is the
/// mean of four, each weighed by how much of it shows.
Pixels halved(const std::array<Pixels, 4>& children, int side);

/// A PNG, WebP or JPEG of `side` x `side` pixels; quality is 1-100, of the last two. A JPEG is white where nothing shows. For several
/// threads at once. Throws std::runtime_error when GDAL can't write it.
Bytes encoded_picture(const Pixels& pixels, int side, TileFormat format, int quality);

}  // namespace cairn::tiler::raster
