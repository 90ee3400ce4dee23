#pragma once
// HEIF pictures with HEVC inside (.heic), as phones write them. The only file that knows libheif is heif.cpp; a build
// without it has heif_absent.cpp in its place, which refuses them.

#include "core/bytes.hpp"
#include "core/reason.hpp"
#include "ingest/decode_file.hpp"

#include <variant>

namespace cairn::ingest {

/// By its first bytes.
bool is_heif(ByteView head);

/// What the boxes of a HEIF say about its main picture. No pixel is decoded.
struct HeifOutline {
  int width_px = 0;  ///< upright: HEIF has turns of its own, and EXIF's orientation does not count
  int height_px = 0;
  Bytes exif;  ///< from its TIFF header on; at most 64 kB, as in a JPEG
  Bytes xmp;   ///< at most 64 kB
};

/// not_supported in a build without libheif, broken_file when the boxes can't be read. Does not check the size.
std::variant<HeifOutline, Refusal> heif_outline_of(ByteView heif);

/// The main picture, upright, as a JPEG of quality 95 without metadata: what the rest of the path works on. One thread.
/// The size must have been checked: at most `rules.most_pixels` are decoded. broken_file when they can't be.
std::variant<Bytes, Refusal> jpeg_from_heif(ByteView heif, const DecodeRules& rules);

}  // namespace cairn::ingest
