#include "ingest/capture_time.hpp"

#include "ingest/time_zone.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::ingest {
namespace {

using std::chrono::microseconds;

/// EXIF writes dates with colons; the rest of the world with dashes.
std::string with_dashes(std::string text) {
  if (text.size() >= 10) {
    if (text[4] == ':' || text[4] == '/') text[4] = '-';
    if (text[7] == ':' || text[7] == '/') text[7] = '-';
  }
  return text;
}

std::string digits_of(const std::string& text) {
  std::string digits;
  for (const char letter : text) {
    if (letter < '0' || letter > '9') break;
    digits += letter;
  }
  return digits;
}

/// The camera's clock read as if it were UTC.
std::optional<UtcTime> local_clock_of(const TimeTags& tags) {
  auto text = with_dashes(tags.local.substr(0, std::min<std::size_t>(19, tags.local.size())));
  const auto decimals = digits_of(tags.sub_seconds);
  if (!decimals.empty()) text += "." + decimals;
  return time_from_iso8601(text);
}

std::optional<UtcTime> receiver_clock_of(const TimeTags& tags) {
  const auto second = tags.gps_second_of_day;
  if (tags.gps_date.size() < 10 || !second || !(*second >= 0 && *second < 86'401)) return std::nullopt;
  const auto day = time_from_iso8601(with_dashes(tags.gps_date).substr(0, 10) + "T00:00:00");
  if (!day) return std::nullopt;
  return *day + microseconds{std::llround(*second * 1e6)};
}

/// The camera's clock shifted by the quarter hours that lead nearest to the receiver's, if they then agree to a second:
/// it is the same time with finer decimals.
UtcTime with_decimals_of(UtcTime receiver, UtcTime local) {
  constexpr microseconds kQuarter = std::chrono::minutes{15};
  const auto apart = local - receiver;
  const auto quarters = std::llround(static_cast<double>(apart.count()) / static_cast<double>(kQuarter.count()));
  const UtcTime shifted = local - microseconds{quarters * kQuarter.count()};
  const bool agree = shifted - receiver < std::chrono::seconds{1} && receiver - shifted < std::chrono::seconds{1};
  return agree && std::abs(quarters) <= 4 * 15 ? shifted : receiver;
}

std::optional<microseconds> offset_of(const std::string& text) {
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const auto epoch = time_from_iso8601("1970-01-01T00:00:00" + text);
  if (!epoch) return std::nullopt;
  return -epoch->time_since_epoch();
}

}  // namespace

std::optional<UtcTime> capture_time_of(const TimeTags& tags, std::optional<LatLon> place) {
  const auto local = local_clock_of(tags);
  if (const auto receiver = receiver_clock_of(tags)) return local ? with_decimals_of(*receiver, *local) : *receiver;
  if (!local) return std::nullopt;
  if (const auto offset = offset_of(tags.offset)) return *local - *offset;
  return place ? utc_of_wall_clock(*place, *local) : *local;
}

}  // namespace cairn::ingest
