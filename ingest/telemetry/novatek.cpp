// Cameras with Novatek chips (Viofo, Street Guardian, Silverstone, Vantrue, …): "freeGPS " blocks with the receiver's time and
// a fix as little-endian numbers, or with an NMEA sentence. Where the numbers stand differs by generation; the letters for
// status and hemispheres, "ANE", tell. Places are 32-bit floats of degrees * 100 + minutes, so about 1 m coarse; speed is in
// knots. Layout: sergei.nz, "Extracting GPS data from Viofo A119 and other Novatek powered cameras", and files of the cameras.
#include "ingest/claim_check.hpp"
#include "ingest/telemetry/byte_order.hpp"
#include "ingest/telemetry/formats.hpp"
#include "ingest/telemetry/free_gps.hpp"
#include "ingest/telemetry/nmea.hpp"

#include <array>

namespace cairn::ingest {
namespace {

using namespace std::chrono;

constexpr double kMpsPerKnot = 1852.0 / 3600;

/// Where hour, minute, second, year, month and day stand, each of four bytes; status and hemispheres follow, then the floats.
constexpr std::array<std::size_t, 3> kLayouts{44, 12, 16};
constexpr std::size_t kLettersAfter = 24, kLatAfter = 28, kLonAfter = 32, kSpeedAfter = 36, kCourseAfter = 40, kEndAfter = 44;

struct Block {
  ByteView bytes;
  std::size_t base = 0;
  char letter(std::size_t which) const { return static_cast<char>(bytes[base + kLettersAfter + which]); }
  unsigned whole(std::size_t which) const { return little_endian_at<std::uint32_t>(bytes, base + which * 4); }
  double real(std::size_t after) const { return little_endian_at<float>(bytes, base + after); }
};

bool is_one_of(char letter, std::string_view letters) { return letters.find(letter) != std::string_view::npos; }

/// A block with a fix; one that waits for satellites has 'V' instead of 'A'.
std::optional<Block> with_fix(ByteView bytes) {
  for (const auto base : kLayouts) {
    if (bytes.size() < base + kEndAfter) continue;
    const Block block{bytes, base};
    if (block.letter(0) == 'A' && is_one_of(block.letter(1), "NS") && is_one_of(block.letter(2), "EW")) return block;
  }
  return std::nullopt;
}

std::optional<UtcTime> time_of(const Block& block) {
  const auto y = block.whole(3);
  const auto date = year{static_cast<int>(y < 2000 ? 2000 + y : y)} / month{block.whole(4)} / day{block.whole(5)};
  const auto hour = block.whole(0), minute = block.whole(1), second = block.whole(2);
  if (y > 2100 || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return sys_days{date} + hours{hour} + minutes{minute} + seconds{second};
}

std::optional<Fix> fix_of(const Block& block) {
  const auto lat = degrees_from_nmea(block.real(kLatAfter), block.letter(1));
  const auto lon = degrees_from_nmea(block.real(kLonAfter), block.letter(2));
  if (!lat || !lon || check_place(StatedPlace{*lat, *lon})) return std::nullopt;
  Fix fix{.place = *LatLon::from_degrees(*lat, *lon)};
  const double knots = block.real(kSpeedAfter), course = block.real(kCourseAfter);
  if (knots >= 0 && knots < 2000) fix.speed_mps = knots * kMpsPerKnot;
  if (course >= 0 && course <= 360) fix.heading_deg = heading_within_circle(course);
  return fix;
}

/// Where a sentence may stand: cameras put it into the first half kilobyte.
std::string_view sentence_in(ByteView block) {
  const auto text = text_of(block.first(std::min<std::size_t>(block.size(), 512)));
  const auto start = text.find('$');
  return start == std::string_view::npos ? std::string_view{} : text.substr(start, text.find_first_of("\r\n", start) - start);
}

bool recognises(const MovieParts& parts) { return !free_gps_blocks(parts.bytes).empty(); }

Telemetry read(const MovieParts& parts) {
  const auto blocks = free_gps_blocks(parts.bytes);
  Telemetry telemetry;
  NmeaReader sentences;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto at_s = block_time_s(i, blocks.size(), parts.duration_s);
    const auto block = with_fix(blocks[i]);
    const auto fix = block ? fix_of(*block) : std::nullopt;
    if (!fix) {
      sentences.add(sentence_in(blocks[i]), at_s);
      continue;
    }
    telemetry.fixes.push_back({at_s, *fix});
    if (const auto time = time_of(*block)) telemetry.clock.push_back({at_s, *time});
  }
  return telemetry.fixes.empty() ? telemetry_of(sentences) : telemetry;
}

}  // namespace

const MovieFormat kNovatek{"Novatek", recognises, read};

}  // namespace cairn::ingest
