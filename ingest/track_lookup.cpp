#include "ingest/track_lookup.hpp"

#include <algorithm>

namespace cairn::ingest {
namespace {

constexpr std::chrono::seconds kLongestGap{20};  ///< recorders thin out straight parts: up to this they still follow the road
constexpr double kShortestGap_m = 50;            ///< standing still leaves long holes in time, not in space

std::optional<double> between(const std::optional<double>& from, const std::optional<double>& to, double share) {
  if (!from || !to) return from ? from : to;
  return *from + (*to - *from) * share;
}

std::optional<double> heading_between(const std::optional<double>& from, const std::optional<double>& to, double share) {
  if (!from || !to) return from ? from : to;
  return heading_within_circle(*from + turn_deg(*from, *to) * share);
}

std::optional<double> worse_of(const std::optional<double>& one, const std::optional<double>& other) {
  if (!one || !other) return std::nullopt;
  return std::max(*one, *other);
}

Fix fix_between(const Fix& before, const Fix& after, UtcTime time) {
  const double share = seconds_between(before.taken_at, time) / seconds_between(before.taken_at, after.taken_at);
  const auto step = step_between(before.place, after.place);
  return {.taken_at = time,
          .place = moved(before.place, {step.east_m * share, step.north_m * share}),
          .altitude_m = between(before.altitude_m, after.altitude_m, share),
          .accuracy_m = worse_of(before.accuracy_m, after.accuracy_m),
          .speed_mps = between(before.speed_mps, after.speed_mps, share),
          .heading_deg = heading_between(before.heading_deg, after.heading_deg, share),
          .receiver_signed = before.receiver_signed && after.receiver_signed};
}

}  // namespace

Track in_order(Track track) {
  std::erase_if(track, [](const Fix& fix) { return fix.place == LatLon{}; });
  if (!std::ranges::is_sorted(track, {}, &Fix::taken_at)) std::ranges::stable_sort(track, {}, &Fix::taken_at);
  const auto same_time = [](const Fix& a, const Fix& b) { return a.taken_at == b.taken_at; };
  track.erase(std::unique(track.begin(), track.end(), same_time), track.end());  // clang 14 lacks ranges::unique
  return track;
}

std::optional<Fix> fix_at(const Track& track, UtcTime time) {
  const auto after = std::ranges::lower_bound(track, time, {}, &Fix::taken_at);
  if (after == track.end()) return std::nullopt;
  if (after->taken_at == time) return *after;
  if (after == track.begin()) return std::nullopt;
  const auto& before = *std::prev(after);
  const bool hole = after->taken_at - before.taken_at > kLongestGap &&
                    ground_distance_m(before.place, after->place) > kShortestGap_m;
  if (hole) return std::nullopt;
  return fix_between(before, *after, time);
}

std::optional<Fix> fix_at(const std::vector<Track>& tracks, UtcTime time) {
  for (const auto& track : tracks) {
    if (auto fix = fix_at(track, time)) return fix;
  }
  return std::nullopt;
}

}  // namespace cairn::ingest
