#include "tests/fuzz/ingest_entries.hpp"

#include "ingest/camm.hpp"
#include "ingest/decode_file.hpp"
#include "ingest/gpmf.hpp"
#include "ingest/jpeg_outline.hpp"
#include "ingest/mapillary_tags.hpp"
#include "ingest/picture_tags.hpp"

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

}  // namespace

void gpmf(ByteView bytes) {
  ingest::Telemetry telemetry;
  ingest::add_gpmf(bytes, 0, 1, telemetry);
  ingest::add_camm(bytes, 0, kArrival, telemetry);
  for (const auto& fix : telemetry.fixes) must(is_on_globe(fix.fix.place));
  ingest::track_of(telemetry, ingest::start_of(telemetry.clock).value_or(kArrival));
}

void gpx(ByteView bytes) {
  const auto read = ingest::read_track(bytes, kArrival);
  const auto* track = std::get_if<Track>(&read);
  if (!track) return;
  must(!track->empty());
  for (std::size_t i = 1; i < track->size(); ++i) must((*track)[i - 1].taken_at < (*track)[i].taken_at);
  for (const auto& fix : *track) must(is_on_globe(fix.place));
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
  must((report.frames > 0 || !report.track.empty()) != report.refusal.has_value());
}

}  // namespace cairn::fuzz
