#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace cairn {

/// An instant of UTC to the microsecond (leap seconds as POSIX has them). All times inside Cairn are this.
using UtcTime = std::chrono::sys_time<std::chrono::microseconds>;

/// RFC 3339 with six decimals: 2026-05-01T12:30:00.250000Z.
std::string to_iso8601(UtcTime time);

/// Reads RFC 3339 and the ISO 8601 forms that devices write: date and time apart by 'T' or a space, decimals after '.' or ',',
/// 'Z' or an offset (+02:00, +0200, +02). Without an offset the time is taken as UTC. Nothing for anything else.
std::optional<UtcTime> time_from_iso8601(std::string_view text);

/// Whole microseconds since 1970-01-01T00:00:00Z: the form in which the catalogue and messages hold a time.
inline std::int64_t micros_of(UtcTime time) { return time.time_since_epoch().count(); }
inline UtcTime time_from_micros(std::int64_t micros) { return UtcTime{std::chrono::microseconds{micros}}; }

inline double seconds_between(UtcTime earlier, UtcTime later) {
  return std::chrono::duration<double>(later - earlier).count();
}

}  // namespace cairn
