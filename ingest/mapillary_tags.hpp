#pragma once
// The JSON that Mapillary's apps and tools write into EXIF ImageDescription.

#include "core/time.hpp"
#include "ingest/claim_check.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::ingest {

struct MapillaryTags {
  std::optional<UtcTime> taken_at;       ///< MAPCaptureTime is UTC
  std::optional<StatedPlace> place;
  std::optional<double> altitude_m;
  std::optional<double> heading_deg;
  std::optional<double> accuracy_m;
  std::string sequence;                  ///< MAPSequenceUUID
  std::string make;
  std::string model;
};

/// Empty tags for a description that isn't this JSON. Numbers may be written as texts: old apps did so.
MapillaryTags mapillary_tags_of(std::string_view description);

/// 2018_06_08_20_24_11_000 as UTC.
std::optional<UtcTime> time_from_mapillary(std::string_view text);

}  // namespace cairn::ingest
