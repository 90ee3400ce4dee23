#include "ingest/claim_check.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <string>

namespace cairn::ingest {
namespace {

std::string degrees_text(const char* name, double deg) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s %.7g", name, deg);
  return text.data();
}

}  // namespace

std::optional<Refusal> check_time(UtcTime taken_at, UtcTime received_at, std::chrono::seconds clock_skew) {
  constexpr UtcTime kEarliest = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};
  if (taken_at < kEarliest) return Refusal{Reason::impossible_time, to_iso8601(taken_at) + " lies before 2000"};
  if (taken_at > received_at + clock_skew) {
    return Refusal{Reason::impossible_time, to_iso8601(taken_at) + " lies after its arrival at " + to_iso8601(received_at)};
  }
  return std::nullopt;
}

std::optional<Refusal> check_place(StatedPlace place) {
  if (!(std::abs(place.lat_deg) <= 90)) return Refusal{Reason::impossible_place, degrees_text("latitude", place.lat_deg)};
  if (!(std::abs(place.lon_deg) <= 180)) return Refusal{Reason::impossible_place, degrees_text("longitude", place.lon_deg)};
  if (const auto exact = LatLon::from_degrees(place.lat_deg, place.lon_deg)) return check_place(*exact);
  return Refusal{Reason::impossible_place, degrees_text("latitude", place.lat_deg)};
}

std::optional<Refusal> check_place(LatLon place) {
  if (place == LatLon{}) return Refusal{Reason::impossible_place, "latitude 0, longitude 0"};
  return std::nullopt;
}

}  // namespace cairn::ingest
