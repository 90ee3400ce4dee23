#pragma once
// The segments of a JPEG (ITU-T T.81, annex B), read without decoding a pixel.

#include "core/bytes.hpp"
#include "core/reason.hpp"
#include "ingest/decode_file.hpp"

#include <cstdint>
#include <optional>

namespace cairn::ingest {

/// One segment from its marker up to the next one; a scan header holds its entropy-coded data.
struct JpegSegment {
  std::uint8_t marker = 0;  ///< second byte: 0xDA is SOS
  ByteView bytes;
};

/// Walks over the segments in order and stops at the end of the image, at the end of the bytes or at nonsense.
class JpegWalk {
 public:
  explicit JpegWalk(ByteView jpeg);
  std::optional<JpegSegment> next();
  /// Whether the walk came to the marker that ends an image.
  bool complete() const { return complete_; }
  /// What lies behind the end of the image; empty before the walk came there.
  ByteView rest() const { return rest_; }

 private:
  std::size_t end_of_segment(std::size_t start, std::uint8_t marker) const;
  ByteView bytes_;
  ByteView rest_;
  std::size_t at_ = 0;
  bool complete_ = false;
};

/// What the headers of a JPEG say. Its views point into the bytes that it was read from.
struct JpegOutline {
  std::uint8_t process = 0;  ///< the marker of its frame header: 0xC0 baseline, 0xC1 extended, 0xC2 progressive
  int bits = 0;
  int components = 0;        ///< 1 grey, 3 colours, 4 CMYK
  int width_px = 0;
  int height_px = 0;
  int scans = 0;
  bool complete = false;
  ByteView exif;  ///< the first EXIF block, from its TIFF header on; at most 64 kB
  ByteView xmp;   ///< the first XMP packet; at most 64 kB
};
JpegOutline outline_of(ByteView jpeg);

/// Whether three JPEGs or more lie one after the other, as in a bundle of pictures; phones put one other behind a picture.
bool is_run_of_jpegs(ByteView bytes);

/// Why a JPEG can't be used, from its headers alone; nothing when it can.
std::optional<Refusal> check_outline(const JpegOutline&, const DecodeRules&);
/// The same for a size alone, as a video has it.
std::optional<Refusal> check_size(std::int64_t width_px, std::int64_t height_px, const DecodeRules&);

}  // namespace cairn::ingest
