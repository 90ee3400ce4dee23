#pragma once

#include "core/bytes.hpp"

#include <optional>
#include <string>

namespace cairn::testing {

/// A HEIC picture of a colour gradient with this EXIF block (from its TIFF header on) and XMP packet, either of which
/// may be empty. Nothing, said aloud, where libheif or its HEVC encoder is absent.
std::optional<Bytes> make_heif(int width_px, int height_px, const Bytes& exif, const std::string& xmp = "");

}  // namespace cairn::testing
