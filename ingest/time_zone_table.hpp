#pragma once
// The data behind time_zone.hpp, made by scripts/make-time-zones.

#include <cstdint>
#include <span>

namespace cairn::ingest {

/// A clock changes, or begins: from this minute of UTC since 2000 on it runs so many minutes ahead of UTC.
struct ClockChange {
  std::int32_t from_min = 0;
  std::int16_t ahead_min = 0;
};

/// 48 x 24 squares of 7.5 degrees, row by row from 90 N, 180 W; then the quarters (nw, ne, sw, se) of divided squares.
/// From 0x8000 on an entry is a clock; a smaller one, times 4, is the place of its quarters.
extern const std::span<const std::uint16_t> kZoneSquares;
/// Of each clock, and one more at the end: where its changes begin in kClockChanges. The first one of a clock holds
/// from ever on.
extern const std::span<const std::uint16_t> kFirstClockChange;
extern const std::span<const ClockChange> kClockChanges;

}  // namespace cairn::ingest
