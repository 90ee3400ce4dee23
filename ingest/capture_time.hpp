#pragma once
// The times that a picture states -> one instant. The choice is explained in docs/decisions/capture-time.md.

#include "core/lat_lon.hpp"
#include "core/time.hpp"

#include <optional>
#include <string>

namespace cairn::ingest {

/// The texts of the EXIF fields as they stand in the file; empty where a field is missing.
struct TimeTags {
  std::string gps_date;                   ///< 2026:05:01
  std::optional<double> gps_second_of_day;
  std::string local;                      ///< 2026:05:01 14:30:00, the camera's clock
  std::string sub_seconds;                ///< decimals of that second
  std::string offset;                     ///< +02:00
};

/// Best first: the receiver's UTC (with the camera's decimals where both clocks agree), the camera's clock with its stated
/// offset, the camera's clock as the legal time of the place (UTC without a place). Nothing when the picture states no time
/// that can be read.
std::optional<UtcTime> capture_time_of(const TimeTags&, std::optional<LatLon> place);

}  // namespace cairn::ingest
