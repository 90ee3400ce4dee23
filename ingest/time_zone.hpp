#pragma once
// Clocks on walls: what time it is in UTC when they show so much at a place. docs/decisions/capture-time.md has the
// reasons.

#include "core/lat_lon.hpp"
#include "core/time.hpp"

#include <chrono>

namespace cairn::ingest {

/// How far the legal clock of a place is ahead of UTC at an instant. At sea and in no man's land: whole hours, by
/// longitude. Borders are drawn with squares of about 15 km or more, so a place near one may get its neighbour's clock.
/// Before 2000 and after 2040 the clock stands as in the nearest year that is known.
std::chrono::minutes clock_ahead_of_utc(LatLon place, UtcTime instant);

/// The instant at which the legal clock of a place shows `wall_clock` (given as if it were UTC). Of a time that comes
/// twice, when summer ends, the first; one that is left out, when summer begins, is read by the clock before the
/// change.
UtcTime utc_of_wall_clock(LatLon place, UtcTime wall_clock);

}  // namespace cairn::ingest
