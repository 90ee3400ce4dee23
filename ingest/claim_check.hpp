#pragma once
// Whether a claimed time or place can be true at all.

#include "core/lat_lon.hpp"
#include "core/reason.hpp"
#include "core/time.hpp"

#include <chrono>
#include <optional>

namespace cairn::ingest {

/// A place as a device wrote it, before anyone knows whether it lies on the globe.
struct StatedPlace {
  double lat_deg = 0;
  double lon_deg = 0;
};

/// impossible_time for what lies before 2000 or more than `clock_skew` after its arrival.
std::optional<Refusal> check_time(UtcTime taken_at, UtcTime received_at, std::chrono::seconds clock_skew);
/// impossible_place for what lies off the globe or exactly at 0, 0.
std::optional<Refusal> check_place(StatedPlace);
std::optional<Refusal> check_place(LatLon);

}  // namespace cairn::ingest
