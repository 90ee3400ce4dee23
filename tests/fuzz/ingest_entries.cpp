#include "tests/fuzz/ingest_entries.hpp"

#include "ingest/decode_file.hpp"
#include "ingest/jpeg_outline.hpp"
#include "ingest/mapillary_tags.hpp"
#include "ingest/picture_tags.hpp"
#include "ingest/telemetry/formats.hpp"
#include "ingest/ublox_sign.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace cairn::fuzz {
namespace {

/// What must hold for every input; a fuzzer sees an abort.
void must(bool holds) {
  if (!holds) std::abort();
}

constexpr UtcTime kArrival{std::chrono::seconds{1'777'636'800}};  // 2026-05-01T12:00:00Z

ingest::FileToDecode file_of(ByteView bytes) {
  return {.name = "input", .bytes = bytes, .account = {}, .content = {}, .received_at = kArrival, .overrides = {}, .sidecars = {}};
}

/// Small limits, so that many inputs run in a second and none takes much memory.
const ingest::DecodeRules kRules{.most_pixels = 1'000'000, .least_pixels = 1, .most_frames_per_video = 3};

bool is_on_globe(LatLon place) { return place != LatLon{} && LatLon::from_e7(place.lat_e7(), place.lon_e7()); }

void check(const ingest::MovieParts& parts) {
  for (const auto* format : ingest::movie_formats()) {
    if (!format->recognises(parts)) continue;
    const auto telemetry = format->read(parts);
    for (const auto& fix : telemetry.fixes) must(is_on_globe(fix.fix.place));
    ingest::track_of(telemetry, ingest::start_of(telemetry.clock).value_or(kArrival));
  }
}

void check(const ingest::TrackFormat& format, ByteView bytes) {
  ingest::kind_of(bytes);
  const auto read = format.read(bytes, kArrival);
  const auto* found = std::get_if<ingest::TrackFile>(&read);
  if (!found) return;
  const auto& track = found->track;
  must(!track.empty());
  for (std::size_t i = 1; i < track.size(); ++i) must(track[i - 1].taken_at < track[i].taken_at);
  for (const auto& fix : track) must(is_on_globe(fix.place));
}

}  // namespace

void gpmf(ByteView bytes) {
  ingest::MovieParts parts{.bytes = bytes, .about = kArrival, .duration_s = 0, .stream_tags = {"gpmd", "camm"}, .read_packets = nullptr};
  parts.read_packets = [&](ingest::StreamTags, const ingest::PacketUser& use) { use(bytes, 0, 1); };
  check(parts);
}

void movie_boxes(ByteView bytes) {
  check({.bytes = bytes, .about = kArrival, .duration_s = 0, .stream_tags = {}, .read_packets = nullptr});
}

void text_stream(ByteView bytes) {
  ingest::MovieParts parts{.bytes = {}, .about = kArrival, .duration_s = 0, .stream_tags = {"text"}, .read_packets = nullptr};
  parts.read_packets = [&](ingest::StreamTags, const ingest::PacketUser& use) {
    double at_s = 0;
    for (auto rest = bytes; !rest.empty(); ++at_s) {
      const auto length = std::min(rest.size(), text_of(rest).find('\0', 32));
      if (!use(rest.first(length), at_s, 1)) return;
      rest = rest.subspan(length);
    }
  };
  check(parts);
}

void csv(ByteView bytes) { check(ingest::kCsv, bytes); }
void framekm(ByteView bytes) { check(ingest::kFrameKm, bytes); }
void gpx(ByteView bytes) { check(ingest::kGpx, bytes); }
void nmea(ByteView bytes) { check(ingest::kNmeaLog, bytes); }
void seventy_mai(ByteView bytes) { check(ingest::kSeventyMaiLog, bytes); }
void ubx(ByteView bytes) { check(ingest::kUbx, bytes); }

void ublox_sign(ByteView bytes) {
  const auto key = bytes.first(std::min<std::size_t>(bytes.size(), 24));
  const auto log = bytes.subspan(key.size());
  const std::vector<Bytes> keys{Bytes{key.begin(), key.end()}};
  const auto found = ingest::check_ublox_signatures(log, keys);
  const auto state = found.state();
  must(found.blocks.empty() == (state == ingest::LogState::unsigned_));
  must(found.fault().empty() == (state != ingest::LogState::altered));
  must(found.proven_parts(log).empty() == !found.key);
  std::size_t end = 0;
  for (const auto& block : found.blocks) {
    must(end <= block.begin && block.begin <= block.end && block.end < log.size());
    end = block.end;
  }
  const auto read = ingest::read_track(log, kArrival, found);
  if (const auto* track = std::get_if<ingest::TrackFile>(&read)) {
    for (const auto& fix : track->track) must(!fix.receiver_signed || state == ingest::LogState::holds);
  }
}

void picture(ByteView bytes) {
  const auto read = ingest::read_picture(file_of(bytes), kRules);
  if (const auto* capture = std::get_if<Capture>(&read)) {
    must(is_on_globe(capture->fix.place));
    must(capture->orientation >= 1 && capture->orientation <= 8);
    must(capture->camera.width_px > 0 && capture->camera.height_px > 0);
  }
}

void outline(ByteView bytes) {
  ingest::JpegWalk walk{bytes};
  const auto* end = bytes.data();
  while (const auto segment = walk.next()) {
    must(segment->bytes.size() >= 2 && segment->bytes.data() >= end);
    end = segment->bytes.data() + segment->bytes.size();
    must(end <= bytes.data() + bytes.size());
  }
  const auto read = ingest::outline_of(bytes);
  if (!ingest::check_outline(read, kRules)) must(read.complete && ingest::scan_hash_of(bytes));
}

void exif(ByteView bytes) {
  const auto length = std::min<std::size_t>(bytes.size(), 1000);
  const auto tags = ingest::picture_tags_of(bytes.first(length), bytes.subspan(length));
  must(tags.orientation >= 1 && tags.orientation <= 8);
  must(tags.make.size() <= 64 && tags.model.size() <= 64);
  if (tags.place && !ingest::check_place(*tags.place)) must(is_on_globe(*LatLon::from_degrees(tags.place->lat_deg, tags.place->lon_deg)));
  ingest::capture_time_of(tags.time, LatLon::from_degrees(55.7, 13.2));
  ingest::mapillary_tags_of(tags.description);
}

void mapillary(ByteView bytes) {
  const auto tags = ingest::mapillary_tags_of(text_of(bytes));
  for (const auto& value : {tags.altitude_m, tags.heading_deg, tags.accuracy_m}) must(!value || std::isfinite(*value));
  ingest::time_from_mapillary(text_of(bytes));
}

void movie(ByteView bytes) {
  int frames = 0;
  const auto report = ingest::decode_file(file_of(bytes), kRules, [&](const Capture&, ByteView) { ++frames; });
  must(report.frames == frames);
  const bool gave = report.frames > 0 || (report.kind == ingest::FileKind::track && !report.track.empty());
  must(gave != report.refusal.has_value());
}

}  // namespace cairn::fuzz
