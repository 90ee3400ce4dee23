#pragma once
// Pictures of few colours.

#include "core/bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace cairn::tiler {

/// Red, green, blue (sRGB).
using Rgb = std::array<std::uint8_t, 3>;

/// A PNG (ISO/IEC 15948) of `side` x `side` pixels, row by row from the north-west, each the index of its colour. The first colour is
/// transparent; there are 16 at most. `side` is even. The same bytes everywhere (of the same version of libdeflate).
Bytes indexed_png(std::span<const std::uint8_t> pixels, std::size_t side, std::span<const Rgb> palette);

}  // namespace cairn::tiler
