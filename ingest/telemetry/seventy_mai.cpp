// 70mai. Cameras with an embedded track (A810, M500, 4K) write "freeGPS " blocks of their own layout, known by two equal
// numbers in its head: status, latitude, longitude (degrees * 100 + minutes, times 100,000, with a sign), course in degrees and
// speed in km/h, little-endian and unaligned. They have no clock: the movie header's is used. Other cameras write a log
// `GPSData….txt`: "$V02", then lines "seconds of 1970, A or V, latitude, longitude, course * 100, speed in cm/s, three
// accelerations, name of the video, …". Learned from files of the cameras A810 and X800.
#include "ingest/number_text.hpp"
#include "ingest/telemetry/byte_order.hpp"
#include "ingest/telemetry/formats.hpp"
#include "ingest/telemetry/free_gps.hpp"
#include "ingest/telemetry/lines.hpp"
#include "ingest/telemetry/nmea.hpp"
#include "ingest/text_clean.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::ingest {
namespace {

constexpr std::size_t kStatusAt = 26, kLatAt = 27, kLonAt = 31, kCourseAt = 35, kSpeedAt = 39, kBlockEnd = 43;

bool is_block(ByteView block) {
  return block.size() >= kBlockEnd && little_endian_at<std::uint16_t>(block, 8) != 0 &&
         little_endian_at<std::uint16_t>(block, 8) == little_endian_at<std::uint16_t>(block, 14) &&
         little_endian_at<std::uint16_t>(block, 10) == 0;
}

std::optional<double> degrees_at(ByteView block, std::size_t at, char positive, char negative) {
  const double number = little_endian_at<std::int32_t>(block, at) / 1e5;
  return degrees_from_nmea(std::abs(number), number < 0 ? negative : positive);
}

std::optional<Fix> fix_of(ByteView block) {
  if (!is_block(block) || static_cast<char>(block[kStatusAt]) != 'A') return std::nullopt;
  const auto lat = degrees_at(block, kLatAt, 'N', 'S'), lon = degrees_at(block, kLonAt, 'E', 'W');
  if (!lat || !lon || check_place(StatedPlace{*lat, *lon})) return std::nullopt;
  Fix fix{.place = *LatLon::from_degrees(*lat, *lon)};
  const double course = little_endian_at<std::int32_t>(block, kCourseAt), kmh = little_endian_at<std::int32_t>(block, kSpeedAt);
  if (course >= 0 && course <= 360) fix.heading_deg = heading_within_circle(course);
  if (kmh >= 0 && kmh < 400) fix.speed_mps = kmh / 3.6;
  return fix;
}

bool recognises_movie(const MovieParts& parts) { return std::ranges::any_of(free_gps_blocks(parts.bytes), is_block); }

Telemetry read_movie(const MovieParts& parts) {
  const auto blocks = free_gps_blocks(parts.bytes);
  Telemetry telemetry{.make = "70mai", .model = {}, .fixes = {}, .clock = {}};
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (const auto fix = fix_of(blocks[i])) telemetry.fixes.push_back({block_time_s(i, blocks.size(), parts.duration_s), *fix});
  }
  return telemetry;
}

bool recognises_log(ByteView bytes) { return text_of(bytes).starts_with("$V02"); }

/// False once the file holds too many points.
bool add_line(std::string_view line, TrackBuilder& points, std::vector<VideoStart>& videos) {
  const auto fields = fields_of<10>(line, ',');
  const auto seconds = number_from_text(fields[0]);
  if (!seconds || !(*seconds > 0 && *seconds < 5e9) || fields[9].empty()) return true;
  const auto time = time_at(UtcTime{}, *seconds);
  const auto video = clean_text(fields[9], 128);
  if (videos.empty() || videos.back().video != video) videos.push_back({video, time});
  if (fields[1] != "A") return true;
  const auto lat = number_from_text(fields[2]), lon = number_from_text(fields[3]);
  const auto course = number_from_text(fields[4]), speed = number_from_text(fields[5]);
  Fix fix;
  if (course && *course >= 0 && *course <= 36'000) fix.heading_deg = heading_within_circle(*course / 100);
  if (speed && *speed >= 0 && *speed < 20'000) fix.speed_mps = *speed / 100;
  return points.add(time, lat && lon ? std::optional{StatedPlace{*lat, *lon}} : std::nullopt, fix);
}

std::variant<TrackFile, Refusal> read_log(ByteView bytes, UtcTime received_at) {
  TrackBuilder points{received_at};
  std::vector<VideoStart> videos;
  LineReader lines{text_of(bytes)};
  while (const auto line = lines.next()) {
    if (!add_line(*line, points, videos)) break;
  }
  auto result = std::move(points).result();
  if (auto* found = std::get_if<TrackFile>(&result)) found->videos = std::move(videos);
  return result;
}

}  // namespace

const MovieFormat kSeventyMai{"70mai", recognises_movie, read_movie};
const TrackFormat kSeventyMaiLog{"70mai log", recognises_log, read_log};

}  // namespace cairn::ingest
