#include "ingest/decode_file.hpp"

#include "ingest/claim_check.hpp"
#include "ingest/heif.hpp"
#include "ingest/jpeg_outline.hpp"
#include "ingest/telemetry/formats.hpp"
#include "ingest/track_lookup.hpp"
#include "ingest/video.hpp"

#include <algorithm>

namespace cairn::ingest {
namespace {

DecodeReport decode_picture(const FileToDecode& file, const DecodeRules& rules, const FrameSink& sink) {
  DecodeReport report{.kind = FileKind::picture};
  const auto read = read_picture(file, rules);
  const auto* refusal = std::get_if<Refusal>(&read);
  if (refusal) report.refusal = *refusal;
  report.waits = file.awaits_tracks && depends_on_tracks(file.bytes, report.refusal);
  if (refusal || report.waits) return report;
  if (!is_heif(file.bytes)) {
    sink(std::get<Capture>(read), file.bytes);
  } else if (const auto jpeg = jpeg_from_heif(file.bytes, rules); const auto* broken = std::get_if<Refusal>(&jpeg)) {
    report.refusal = *broken;
    return report;
  } else {
    sink(std::get<Capture>(read), std::get<Bytes>(jpeg));
  }
  report.frames = 1;
  return report;
}

/// One picture of a bundle, with the claims of the index.
std::variant<Capture, Refusal> read_bundled(const FileToDecode& file, std::size_t index, ByteView jpeg, const DecodeRules& rules) {
  const auto& frame = file.bundled[index];
  if (is_heif(jpeg)) return Refusal{Reason::not_supported, "a bundle holds JPEGs only"};
  if (!frame.time) return Refusal{Reason::no_time, ""};
  if (!frame.place) return Refusal{Reason::no_place, ""};
  if (auto bad = check_place(*frame.place)) return *bad;
  FileToDecode part{.name = file.name, .bytes = jpeg, .account = file.account, .content = file.content, .received_at = file.received_at, .overrides = {}, .sidecars = {}};
  part.overrides.taken_at = frame.time;
  part.overrides.place = LatLon::from_degrees(frame.place->lat_deg, frame.place->lon_deg);
  auto read = read_picture(part, rules);
  if (auto* capture = std::get_if<Capture>(&read)) {
    capture->id = frame_id_of(file.account, file.content, static_cast<int>(index));
    capture->fix.altitude_m = frame.details.altitude_m;
    capture->fix.accuracy_m = frame.details.accuracy_m;
    capture->fix.speed_mps = frame.details.speed_mps;
    if (capture->camera.model.empty()) capture->camera.model = file.bundle_model;
  }
  return read;
}

DecodeReport decode_bundle(const FileToDecode& file, const DecodeRules& rules, const FrameSink& sink) {
  DecodeReport report{.kind = FileKind::picture, .format = "FrameKM"};
  if (bytes_in(file.bundled) != file.bytes.size()) {
    report.refusal = Refusal{Reason::broken_file, "the index tells of " + std::to_string(bytes_in(file.bundled)) + " bytes, the bundle has " +
                                                      std::to_string(file.bytes.size())};
    return report;
  }
  auto rest = file.bytes;
  for (std::size_t i = 0; i < file.bundled.size() && report.frames < rules.most_frames_per_video; ++i) {
    const auto jpeg = rest.first(file.bundled[i].bytes);
    rest = rest.subspan(jpeg.size());
    const auto read = read_bundled(file, i, jpeg, rules);
    if (const auto* capture = std::get_if<Capture>(&read)) {
      ++report.frames;
      sink(*capture, jpeg);
    } else {
      report.notes.push_back(std::get<Refusal>(read));
    }
  }
  if (report.frames == 0) report.refusal = report.notes.empty() ? Refusal{Reason::broken_file, "the bundle holds no picture"} : report.notes.front();
  return report;
}

DecodeReport decode_track(const FileToDecode& file) {
  DecodeReport report{.kind = FileKind::track};
  const auto signatures = check_ublox_signatures(file.bytes, file.receiver_keys);
  report.log = signatures.state();
  report.log_key = signatures.key;
  auto read = read_track(file.bytes, file.received_at, signatures);
  if (auto* found = std::get_if<TrackFile>(&read)) {
    report.format = found->format;
    report.track = std::move(found->track);
  } else {
    report.refusal = std::get<Refusal>(read);
  }
  return report;
}

/// Fixes of the parts of a log that its receiver signed, in the order of time.
Track proven_track(const std::vector<ByteView>& parts, const TrackFormat& format, UtcTime received_at) {
  Track proven;
  for (const auto part : parts) {
    auto read = format.read(part, received_at);
    if (const auto* found = std::get_if<TrackFile>(&read)) proven.insert(proven.end(), found->track.begin(), found->track.end());
  }
  for (auto& fix : proven) fix.receiver_signed = true;
  return in_order(std::move(proven));
}

}  // namespace

bool depends_on_tracks(ByteView picture, const std::optional<Refusal>& without) {
  const bool lacks_fix = without && (without->reason == Reason::no_time || without->reason == Reason::no_place);
  return lacks_fix || (!is_heif(picture) && is_run_of_jpegs(picture));
}

DecodeReport decode_file(const FileToDecode& file, const DecodeRules& rules, const FrameSink& sink) {
  if (file.bytes.empty()) return {.refusal = Refusal{Reason::empty_file, ""}};
  const auto kind = kind_of(file.bytes);
  if (!kind) return {.refusal = Refusal{Reason::not_supported, advice_about(file.bytes)}};
  switch (*kind) {
    case FileKind::picture: return file.bundled.empty() ? decode_picture(file, rules, sink) : decode_bundle(file, rules, sink);
    case FileKind::video: return decode_video(file, rules, sink);
    case FileKind::track: return decode_track(file);
  }
  return {.refusal = Refusal{Reason::not_supported, ""}};
}

std::variant<TrackFile, Refusal> read_track(ByteView bytes, UtcTime received_at) {
  if (bytes.empty()) return Refusal{Reason::empty_file, ""};
  const auto* format = track_format_of(bytes);
  if (!format) return Refusal{Reason::not_supported, ""};
  auto read = format->read(bytes, received_at);
  if (auto* found = std::get_if<TrackFile>(&read)) found->format = format->name;
  return read;
}

std::variant<TrackFile, Refusal> read_track(ByteView bytes, UtcTime received_at, const UbloxSignatures& signatures) {
  const auto state = signatures.state();
  if (state == LogState::altered) return Refusal{Reason::log_altered, signatures.fault()};
  auto read = read_track(bytes, received_at);
  auto* found = std::get_if<TrackFile>(&read);
  if (!found || state != LogState::holds) return read;
  const auto proven = proven_track(signatures.proven_parts(bytes), *track_format_of(bytes), received_at);
  for (auto& fix : found->track) {
    const auto same = std::ranges::lower_bound(proven, fix.taken_at, {}, &Fix::taken_at);
    if (same != proven.end() && same->taken_at == fix.taken_at) fix = *same;
  }
  return read;
}

}  // namespace cairn::ingest
