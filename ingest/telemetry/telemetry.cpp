#include "ingest/telemetry/telemetry.hpp"

#include "ingest/track_lookup.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::ingest {

UtcTime time_at(UtcTime start, double at_s) {
  constexpr double kMost = 4e18;  // microseconds: twice that still fits, whatever a file claims
  if (!std::isfinite(at_s)) return start;
  const auto begin = std::clamp(start.time_since_epoch(), std::chrono::microseconds{-4'000'000'000'000'000'000}, std::chrono::microseconds{4'000'000'000'000'000'000});
  return UtcTime{begin + std::chrono::microseconds{std::llround(std::clamp(at_s * 1e6, -kMost, kMost))}};
}

std::optional<UtcTime> start_of(const std::vector<ClockPair>& clock) {
  if (clock.empty()) return std::nullopt;
  std::vector<UtcTime> starts;
  starts.reserve(clock.size());
  for (const auto& pair : clock) starts.push_back(time_at(pair.utc, -pair.at_s));
  const auto middle = starts.begin() + static_cast<std::ptrdiff_t>((starts.size() - 1) / 2);
  std::ranges::nth_element(starts, middle);
  return *middle;
}

Track track_of(const Telemetry& telemetry, UtcTime start) {
  Track track;
  track.reserve(telemetry.fixes.size());
  for (const auto& [at_s, fix] : telemetry.fixes) {
    track.push_back(fix);
    track.back().taken_at = time_at(start, at_s);
  }
  return in_order(std::move(track));
}

}  // namespace cairn::ingest
