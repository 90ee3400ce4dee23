#include "ingest/camm.hpp"

#include "ingest/claim_check.hpp"

#include <bit>
#include <cmath>

namespace cairn::ingest {
namespace {

template <class Number, class Bits>
Number little_endian(ByteView bytes, std::size_t at) {
  Bits bits = 0;
  for (std::size_t i = 0; i < sizeof(Bits); ++i) bits |= static_cast<Bits>(std::to_integer<Bits>(bytes[at + i]) << (8 * i));
  return std::bit_cast<Number>(bits);
}
double double_at(ByteView bytes, std::size_t at) { return little_endian<double, std::uint64_t>(bytes, at); }
float float_at(ByteView bytes, std::size_t at) { return little_endian<float, std::uint32_t>(bytes, at); }

constexpr UtcTime utc_day(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days{std::chrono::year{year} / month / day};
}

/// GPS runs ahead of UTC by the leap seconds since 1980 (IERS Bulletin C); none was added since 2017.
int leap_seconds_at(UtcTime time) {
  if (time >= utc_day(2017, 1, 1)) return 18;
  if (time >= utc_day(2015, 7, 1)) return 17;
  return time >= utc_day(2012, 7, 1) ? 16 : 15;
}

std::optional<UtcTime> utc_from_epoch(double seconds, UtcTime about) {
  if (!(seconds > 0 && seconds < 5e9)) return std::nullopt;
  const auto unix_time = time_at(UtcTime{}, seconds);
  const auto gps_time = time_at(utc_day(1980, 1, 6), seconds);
  const auto from_gps = gps_time - std::chrono::seconds{leap_seconds_at(gps_time)};
  return std::chrono::abs(from_gps - about) < std::chrono::abs(unix_time - about) ? from_gps : unix_time;
}

std::optional<LatLon> place_at(ByteView packet, std::size_t at) {
  const StatedPlace stated{double_at(packet, at), double_at(packet, at + 8)};
  if (check_place(stated)) return std::nullopt;
  return LatLon::from_degrees(stated.lat_deg, stated.lon_deg);
}

std::optional<double> within(double value, double least, double most) {
  return value >= least && value <= most ? std::optional{value} : std::nullopt;
}

void add_short(ByteView packet, double at_s, Telemetry& telemetry) {
  const auto place = place_at(packet, 4);
  if (place) telemetry.fixes.push_back({at_s, {.place = *place, .altitude_m = within(double_at(packet, 20), -12'000, 20'000)}});
}

void add_long(ByteView packet, double at_s, UtcTime about, Telemetry& telemetry) {
  const auto lock = little_endian<std::int32_t, std::uint32_t>(packet, 12);
  const auto place = place_at(packet, 16);
  if (!place || lock < 2) return;
  if (const auto utc = utc_from_epoch(double_at(packet, 4), about)) telemetry.clock.push_back({at_s, *utc});
  telemetry.fixes.push_back({at_s,
                             {.place = *place,
                              .altitude_m = within(float_at(packet, 32), -12'000, 20'000),
                              .accuracy_m = within(float_at(packet, 36), 0.001, 1e6),
                              .speed_mps = within(std::hypot(float_at(packet, 44), float_at(packet, 48)), 0, 1000)}});
}

}  // namespace

void add_camm(ByteView packet, double at_s, UtcTime about, Telemetry& telemetry) {
  if (packet.size() < 4) return;
  const auto type = little_endian<std::uint16_t, std::uint16_t>(packet, 2);
  if (type == 5 && packet.size() >= 28) add_short(packet, at_s, telemetry);
  if (type == 6 && packet.size() >= 60) add_long(packet, at_s, about, telemetry);
}

}  // namespace cairn::ingest
