// Camera Motion Metadata (Google's CAMM specification, packet types 5 and 6): little-endian packets of the `camm` stream.
#include "ingest/claim_check.hpp"
#include "ingest/telemetry/byte_order.hpp"
#include "ingest/telemetry/formats.hpp"

#include <cmath>

namespace cairn::ingest {
namespace {

constexpr UtcTime utc_day(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days{std::chrono::year{year} / month / day};
}

/// GPS runs ahead of UTC by the leap seconds since 1980 (IERS Bulletin C); none was added since 2017.
int leap_seconds_at(UtcTime time) {
  if (time >= utc_day(2017, 1, 1)) return 18;
  if (time >= utc_day(2015, 7, 1)) return 17;
  return time >= utc_day(2012, 7, 1) ? 16 : 15;
}

/// Writers differ in what they call the epoch (GPS or Unix): the reading nearer to `about` is taken.
std::optional<UtcTime> utc_from_epoch(double seconds, UtcTime about) {
  if (!(seconds > 0 && seconds < 5e9)) return std::nullopt;
  const auto unix_time = time_at(UtcTime{}, seconds);
  const auto gps_time = time_at(utc_day(1980, 1, 6), seconds);
  const auto from_gps = gps_time - std::chrono::seconds{leap_seconds_at(gps_time)};
  return std::chrono::abs(from_gps - about) < std::chrono::abs(unix_time - about) ? from_gps : unix_time;
}

std::optional<LatLon> place_at(ByteView packet, std::size_t at) {
  const StatedPlace stated{little_endian_at<double>(packet, at), little_endian_at<double>(packet, at + 8)};
  if (check_place(stated)) return std::nullopt;
  return LatLon::from_degrees(stated.lat_deg, stated.lon_deg);
}

std::optional<double> within(double value, double least, double most) {
  return value >= least && value <= most ? std::optional{value} : std::nullopt;
}

void add_short(ByteView packet, double at_s, Telemetry& telemetry) {
  const auto place = place_at(packet, 4);
  if (place) telemetry.fixes.push_back({at_s, {.place = *place, .altitude_m = within(little_endian_at<double>(packet, 20), -12'000, 20'000)}});
}

void add_long(ByteView packet, double at_s, UtcTime about, Telemetry& telemetry) {
  const auto lock = little_endian_at<std::int32_t>(packet, 12);
  const auto place = place_at(packet, 16);
  if (!place || lock < 2) return;
  if (const auto utc = utc_from_epoch(little_endian_at<double>(packet, 4), about)) telemetry.clock.push_back({at_s, *utc});
  telemetry.fixes.push_back({at_s,
                             {.place = *place,
                              .altitude_m = within(little_endian_at<float>(packet, 32), -12'000, 20'000),
                              .accuracy_m = within(little_endian_at<float>(packet, 36), 0.001, 1e6),
                              .speed_mps = within(std::hypot(little_endian_at<float>(packet, 44), little_endian_at<float>(packet, 48)), 0, 1000)}});
}

void add_packet(ByteView packet, double at_s, UtcTime about, Telemetry& telemetry) {
  if (packet.size() < 4) return;
  const auto type = little_endian_at<std::uint16_t>(packet, 2);
  if (type == 5 && packet.size() >= 28) add_short(packet, at_s, telemetry);
  if (type == 6 && packet.size() >= 60) add_long(packet, at_s, about, telemetry);
}

bool recognises(const MovieParts& parts) { return parts.has_stream({"camm"}); }

Telemetry read(const MovieParts& parts) {
  Telemetry telemetry;
  parts.read_packets({"camm"}, [&](ByteView packet, double at_s, double) {
    add_packet(packet, at_s, parts.about, telemetry);
    return !telemetry.is_full();
  });
  return telemetry;
}

}  // namespace

const MovieFormat kCamm{"CAMM", recognises, read};

}  // namespace cairn::ingest
