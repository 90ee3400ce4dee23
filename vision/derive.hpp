#pragma once
// The smaller public pictures, made from the redacted one and from nothing else.

#include "core/bytes.hpp"
#include "core/reason.hpp"

#include <variant>

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

}  // namespace cairn::vision
