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
  int width_px = 0, height_px = 0;
};

/// Diagonal of a frame of 36 x 24 mm: equivalent focal lengths compare angles of view along it (CIPA DCG-001).
inline constexpr double kDiagonal35mm_mm = 43.2666;

/// The JPEG with EXIF added. The focal length is exact in FocalLength and FocalPlaneXResolution; FocalLengthIn35mmFilm
/// has room for whole millimetres only.
Bytes with_exif(ByteView jpeg, const ExifClaims&);

}  // namespace cairn::simulate
