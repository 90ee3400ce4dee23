#pragma once
// Hides parts of a JPEG without touching the rest: the DCT coefficients are edited, nothing is decoded to pixels.

#include "core/bytes.hpp"
#include "core/observation.hpp"
#include "core/reason.hpp"

#include <span>
#include <variant>

namespace cairn::vision {

/// The picture with the boxes hidden and without metadata (no EXIF, thumbnail, maker notes, colour profile, comments).
/// Every box grows by 20 % and then to the borders of its MCUs (8 or 16 px). Heads become at most 5 x 5 cells of their
/// mean colours, changed by noise that is seeded from the whole content, so that the means themselves are not known;
/// everything else becomes one flat colour. All other coefficients and the quantisation tables are those of the input.
///
/// Refusals, never a picture that is half done: broken_file (the input can't be read without loss), not_supported
/// (CMYK, arithmetic coding), redaction_failed (a box is not finite or lies outside, or the result can't be written).
std::variant<Bytes, Refusal> redacted(ByteView jpeg, std::span<const Detection> hidden);

}  // namespace cairn::vision
