#pragma once
// The smaller public pictures, made from the redacted one and from nothing else.

#include "core/bytes.hpp"
#include "core/reason.hpp"

#include <variant>
#include <vector>

namespace cairn::vision {

struct DeriveRules {
  int sd_width_px = 2048;
  int thumb_width_px = 500;
  int quality = 85;
};

struct SmallerPictures {
  Bytes sd;     ///< the redacted picture itself, byte for byte, when that is not wider than sd_width_px
  Bytes thumb;  ///< never wider than the picture
};

/// Decodes the redacted picture, which also proves that it can be decoded without fault; broken_file when not.
std::variant<SmallerPictures, Refusal> smaller_pictures(ByteView redacted_jpeg, const DeriveRules& rules);

/// The tiles of a 360 picture, row by row, as picture_grid_of() says: cut out of the redacted picture's coefficients,
/// so without loss and without metadata, in one pass over it. broken_file when it can't be read, not_supported when its
/// blocks don't fit the grid (wider than 16 pixels, which no 360 camera writes).
std::variant<std::vector<Bytes>, Refusal> picture_tiles(ByteView redacted_jpeg);

}  // namespace cairn::vision
