#include "ingest/time_zone.hpp"

#include "ingest/time_zone_table.hpp"

#include <algorithm>

namespace cairn::ingest {
namespace {

constexpr std::int64_t kRoot_e7 = 75'000'000;  ///< a side of a square at the root, in 1e-7 degrees
constexpr std::int64_t kColumns = 48, kRows = 24;
constexpr std::uint16_t kIsClock = 0x8000;
constexpr UtcTime kTableStart = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};

using Changes = std::span<const ClockChange>;

/// One axis of the way down the tree: which square, and how far into it.
class Axis {
 public:
  Axis(std::int64_t from_edge_e7, std::int64_t squares)
      : root_{std::min(from_edge_e7 / kRoot_e7, squares - 1)}, rest_{from_edge_e7 - root_ * kRoot_e7} {}
  std::int64_t root() const { return root_; }
  /// 0 or 1: the half of the present square, which becomes the present square.
  int half() {
    rest_ *= 2;
    if (rest_ < kRoot_e7) return 0;
    rest_ -= kRoot_e7;
    return 1;
  }

 private:
  std::int64_t root_;
  std::int64_t rest_;
};

Changes changes_at(LatLon place) {
  Axis east{std::int64_t{place.lon_e7()} + 1'800'000'000, kColumns},
      south{900'000'000 - std::int64_t{place.lat_e7()}, kRows};
  auto entry = kZoneSquares[static_cast<std::size_t>(south.root() * kColumns + east.root())];
  while (entry < kIsClock) entry = kZoneSquares[static_cast<std::size_t>(entry * 4 + south.half() * 2 + east.half())];
  const std::size_t clock = entry - kIsClock, first = kFirstClockChange[clock];
  return kClockChanges.subspan(first, kFirstClockChange[clock + 1] - first);
}

UtcTime start_of(const ClockChange& change) { return kTableStart + std::chrono::minutes{change.from_min}; }

}  // namespace

std::chrono::minutes clock_ahead_of_utc(LatLon place, UtcTime instant) {
  const auto changes = changes_at(place);
  const auto next =
      std::find_if(changes.begin() + 1, changes.end(), [&](const ClockChange& c) { return start_of(c) > instant; });
  return std::chrono::minutes{std::prev(next)->ahead_min};
}

UtcTime utc_of_wall_clock(LatLon place, UtcTime wall_clock) {
  const auto changes = changes_at(place);
  for (std::size_t i = 0;; ++i) {
    const UtcTime instant = wall_clock - std::chrono::minutes{changes[i].ahead_min};
    if (i + 1 < changes.size() && instant >= start_of(changes[i + 1])) continue;
    const bool left_out = i > 0 && instant < start_of(changes[i]);
    return left_out ? wall_clock - std::chrono::minutes{changes[i - 1].ahead_min} : instant;
  }
}

}  // namespace cairn::ingest
