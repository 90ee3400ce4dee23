#pragma once
// What a JPEG's EXIF and XMP say, in plain values. The only file that knows Exiv2 is picture_tags.cpp.

#include "core/bytes.hpp"
#include "core/capture.hpp"
#include "ingest/capture_time.hpp"
#include "ingest/claim_check.hpp"

#include <optional>
#include <string>

namespace cairn::ingest {

struct PictureTags {
  TimeTags time;
  std::optional<StatedPlace> place;
  std::optional<double> altitude_m;
  std::optional<double> heading_deg;
  std::optional<double> speed_mps;
  std::optional<double> accuracy_m;
  int orientation = 1;
  std::string make;
  std::string model;
  std::string description;
  std::optional<double> focal_mm;
  std::optional<double> focal_35mm;          ///< focal length of the 35 mm camera with the same view
  std::optional<double> sensor_px_per_mm;    ///< of the picture that is `exif_width_px` wide
  std::optional<double> exif_width_px;
  Projection projection = Projection::flat;
  std::optional<double> pitch_deg;
  std::optional<double> roll_deg;
};

/// All that can be read from an EXIF block (from its TIFF header on) and an XMP packet, either of which may be empty. A part that
/// is broken counts as missing. Never throws for what the bytes hold.
PictureTags picture_tags_of(ByteView exif, ByteView xmp);

}  // namespace cairn::ingest
