#pragma once
// Where a track was at a time.

#include "core/capture.hpp"

#include <optional>
#include <vector>

namespace cairn::ingest {

/// One sigma of horizontal error for a dilution of precision of 1: what receivers on consumer cameras reach under open sky.
inline constexpr double kMetresPerDop = 3;

/// In the order of time, one fix for each instant (the first that came), without fixes at exactly 0, 0.
Track in_order(Track track);

/// The fix at an instant, between its two neighbours along a straight line. Nothing before the first fix, after the last, or
/// in a hole (neighbours further apart than 20 s and 50 m). Its heading is that of the course.
std::optional<Fix> fix_at(const Track& track, UtcTime time);

/// The first of several tracks that knows.
std::optional<Fix> fix_at(const std::vector<Track>& tracks, UtcTime time);

}  // namespace cairn::ingest
