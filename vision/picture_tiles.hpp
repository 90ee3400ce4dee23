#pragma once
// The public tiles of a 360 picture. A library of its own, so that who serves them needs no model and no OpenCV.

#include "core/bytes.hpp"
#include "core/reason.hpp"

#include <variant>
#include <vector>

namespace cairn::vision {

/// The tiles of a 360 picture, row by row, as picture_grid_of() says: cut out of the redacted picture's coefficients,
/// so without loss and without metadata, in one pass over it. broken_file when it can't be read, not_supported when its
/// blocks don't fit the grid (wider than 16 pixels, which no 360 camera writes).
std::variant<std::vector<Bytes>, Refusal> picture_tiles(ByteView redacted_jpeg);

}  // namespace cairn::vision
