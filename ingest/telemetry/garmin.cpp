// Garmin dash cams: a text stream whose packets are no text: "PNDM" (after their length in two or four bytes), four bytes, the
// speed in two bytes, two flags, latitude and longitude in 2^31 parts of half a circle; -180 degrees stands for "no signal".
// Cameras write big-endian numbers, some tools little-endian ones: the speed tells which. Its unit differs by model (km/h or
// mph), so it is left out. There is no clock: the movie header's is used. Learned from reports about the Dash Cams 35 and 46,
// and a file.
#include "ingest/claim_check.hpp"
#include "ingest/telemetry/byte_order.hpp"
#include "ingest/telemetry/formats.hpp"

#include <array>

namespace cairn::ingest {
namespace {

const StreamTags kTags{"text", "tx3g"};
constexpr double kDegreesPerUnit = 180.0 / 2147483648.0;

/// What follows the length; nothing for other packets.
std::optional<ByteView> record_of(ByteView packet) {
  for (const std::size_t start : {0, 2, 4}) {
    if (packet.size() >= start + 20 && text_of(packet.subspan(start, 4)) == "PNDM") return packet.subspan(start);
  }
  return std::nullopt;
}

/// Above 0: the low byte of the speed stands first, so the numbers are little-endian.
int little_endian_vote(ByteView record) {
  const bool first = record[8] != std::byte{0}, second = record[9] != std::byte{0};
  return static_cast<int>(first && !second) - static_cast<int>(second && !first);
}

struct Sample {
  double at_s;
  std::array<std::int32_t, 2> big, little;   ///< latitude, longitude
};

void add_fix(double at_s, const std::array<std::int32_t, 2>& place, Telemetry& telemetry) {
  const StatedPlace stated{place[0] * kDegreesPerUnit, place[1] * kDegreesPerUnit};
  if (stated.lon_deg <= -180 || check_place(stated)) return;
  telemetry.fixes.push_back({at_s, {.place = *LatLon::from_degrees(stated.lat_deg, stated.lon_deg)}});
}

bool recognises(const MovieParts& parts) { return record_of(parts.first_packet(kTags)).has_value(); }

Telemetry read(const MovieParts& parts) {
  Telemetry telemetry{.make = "Garmin", .model = {}, .fixes = {}, .clock = {}};
  std::vector<Sample> samples;
  int little = 0;
  parts.read_packets(kTags, [&](ByteView packet, double at_s, double) {
    if (const auto record = record_of(packet)) {
      little += little_endian_vote(*record);
      samples.push_back({at_s,
                         {big_endian_at<std::int32_t>(*record, 12), big_endian_at<std::int32_t>(*record, 16)},
                         {little_endian_at<std::int32_t>(*record, 12), little_endian_at<std::int32_t>(*record, 16)}});
    }
    return samples.size() < kMostFixes;
  });
  for (const auto& sample : samples) add_fix(sample.at_s, little > 0 ? sample.little : sample.big, telemetry);
  return telemetry;
}

}  // namespace

const MovieFormat kGarmin{"Garmin", recognises, read};

}  // namespace cairn::ingest
