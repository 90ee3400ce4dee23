// 70mai. Cameras with an embedded track (A810, M500, 4K) write "freeGPS " blocks of their own layout, known by two equal
// numbers in its head: status, latitude, longitude (degrees * 100 + minutes, times 100,000, with a sign), course in degrees and
// speed in km/h, little-endian and unaligned. They have no clock: the movie header's is used. Other cameras write a log
// `GPSData….txt`: "$V02", then lines "seconds of 1970, A or V, latitude, longitude, course * 100, speed in cm/s, three
// accelerations, name of the video, …". Speeds are whole km/h turned into cm/s. The seconds of both cameras that were looked at run
// 8 hours behind UTC (as if the receiver's time were China's), while the names of the videos show the legal time of the place: that
// tells. Learned from files of the cameras A810 (Germany) and X800 (Kazakhstan).
#include "ingest/number_text.hpp"
#include "ingest/telemetry/byte_order.hpp"
#include "ingest/telemetry/formats.hpp"
#include "ingest/telemetry/free_gps.hpp"
#include "ingest/telemetry/lines.hpp"
#include "ingest/telemetry/nmea.hpp"
#include "ingest/text_clean.hpp"
#include "ingest/time_zone.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::ingest {
namespace {

using namespace std::chrono;

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

/// "NO20260712-195504-000000F.MP4": what the clock on the wall showed when the video began.
std::optional<UtcTime> wall_clock_in(std::string_view video) {
  if (video.size() < 17 || video[10] != '-') return std::nullopt;
  const auto part = [&](std::size_t at, std::size_t count) { return std::string{video.substr(at, count)}; };
  return time_from_iso8601(part(2, 4) + "-" + part(6, 2) + "-" + part(8, 2) + "T" + part(11, 2) + ":" + part(13, 2) + ":" + part(15, 2));
}

/// One line of a log.
struct Line {
  UtcTime time{};
  std::string_view video;
  std::optional<StatedPlace> place;   ///< where there was a fix
  Fix details;
};

std::optional<Line> line_from(std::string_view text) {
  const auto fields = fields_of<10>(text, ',');
  const auto seconds = number_from_text(fields[0]);
  if (!seconds || !(*seconds > 0 && *seconds < 5e9) || fields[9].empty()) return std::nullopt;
  Line line{.time = time_at(UtcTime{}, *seconds), .video = fields[9], .place = {}, .details = {}};
  const auto lat = number_from_text(fields[2]), lon = number_from_text(fields[3]);
  if (fields[1] != "A" || !lat || !lon) return line;
  line.place = StatedPlace{*lat, *lon};
  const auto course = number_from_text(fields[4]), speed = number_from_text(fields[5]);
  if (course && *course >= 0 && *course <= 36'000) line.details.heading_deg = heading_within_circle(*course / 100);
  if (speed && *speed >= 0 && *speed < 20'000) line.details.speed_mps = *speed / 100;
  return line;
}

/// How far the log's clock is behind UTC: 8 hours, or nothing. The first fix tells, to an hour: a zone may be its neighbour's.
hours behind_utc(std::string_view log) {
  constexpr hours kChina{8};
  LineReader lines{log};
  while (const auto text = lines.next()) {
    const auto line = line_from(*text);
    const auto place = line && line->place ? LatLon::from_degrees(line->place->lat_deg, line->place->lon_deg) : std::nullopt;
    if (!place) continue;
    const auto wall_clock = wall_clock_in(line->video);
    if (!wall_clock) return hours{0};
    const auto off = utc_of_wall_clock(*place, *wall_clock) - line->time - kChina;
    return off > minutes{-75} && off < minutes{75} ? kChina : hours{0};
  }
  return hours{0};
}

bool recognises_log(ByteView bytes) { return text_of(bytes).starts_with("$V02"); }

std::variant<TrackFile, Refusal> read_log(ByteView bytes, UtcTime received_at) {
  const auto behind = behind_utc(text_of(bytes));
  TrackBuilder points{received_at};
  std::vector<VideoStart> videos;
  LineReader lines{text_of(bytes)};
  while (const auto text = lines.next()) {
    const auto line = line_from(*text);
    if (!line) continue;
    const auto video = clean_text(line->video, 128);
    if (videos.empty() || videos.back().video != video) videos.push_back({video, line->time + behind});
    if (line->place && !points.add(line->time + behind, line->place, line->details)) break;
  }
  auto result = std::move(points).result();
  if (auto* found = std::get_if<TrackFile>(&result)) found->videos = std::move(videos);
  return result;
}

}  // namespace

const MovieFormat kSeventyMai{"70mai", recognises_movie, read_movie};
const TrackFormat kSeventyMaiLog{"70mai log", recognises_log, read_log};

}  // namespace cairn::ingest
