#pragma once
// What the streams beside a video say about its way, whatever format they are in.

#include "core/capture.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cairn::ingest {

/// A fix on the clock of the video.
struct VideoFix {
  double at_s = 0;  ///< since the video's time 0
  Fix fix;          ///< `taken_at` is filled by track_of
};

/// The receiver's clock at a time of the video.
struct ClockPair {
  double at_s = 0;
  UtcTime utc{};
};

/// Of one file, whatever it claims: 30 hours of a receiver that reports 18 times a second, some 500 MB.
inline constexpr std::size_t kMostFixes = 2'000'000;

struct Telemetry {
  std::string make;
  std::string model;
  std::vector<VideoFix> fixes;
  std::vector<ClockPair> clock;
  bool is_full() const { return fixes.size() >= kMostFixes || clock.size() >= kMostFixes; }
};

/// The instant of the video's time 0: the median over all pairs, so that a receiver that found its time late does no harm.
/// Nothing without pairs.
std::optional<UtcTime> start_of(const std::vector<ClockPair>& clock);

/// An instant by its seconds after another. Claims beyond the range of time end at its borders.
UtcTime time_at(UtcTime start, double at_s);

/// The fixes in the order of time, dated by the video's start.
Track track_of(const Telemetry&, UtcTime start);

}  // namespace cairn::ingest
