#pragma once
// What a camera writes beside its pixels.

#include "core/bytes.hpp"
#include "core/time.hpp"
#include "services/simulate/gnss.hpp"

#include <optional>

namespace cairn::simulate {

struct ExifClaims {
  UtcTime taken_at{};              ///< written to the millisecond
  std::optional<GnssReport> gnss;  ///< absent: no GPS tags at all
  double focal_px = 0;
  int width_px = 0;
};

/// The JPEG with EXIF added. The focal length is exact in FocalLength and FocalPlaneXResolution, and rounded to whole
/// millimetres in FocalLengthIn35mmFilm (of 36 mm width).
Bytes with_exif(ByteView jpeg, const ExifClaims&);

}  // namespace cairn::simulate
