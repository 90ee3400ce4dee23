#include "ingest/video.hpp"

#include "ingest/claim_check.hpp"
#include "ingest/frame_encoder.hpp"
#include "ingest/jpeg_outline.hpp"
#include "ingest/mp4_file.hpp"
#include "ingest/telemetry/formats.hpp"
#include "ingest/track_lookup.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace cairn::ingest {
namespace {

std::string text_with(const char* pattern, double one, double other = 0) {
  std::array<char, 128> text{};
  std::snprintf(text.data(), text.size(), pattern, one, other);
  return text.data();
}

Refusal why_not_decoded(const std::optional<MovieInfo>& info) {
  if (!info) return {Reason::broken_file, "the movie header can't be read"};
  if (!info->has_video) return {Reason::not_supported, "the file holds no video"};
  return {Reason::not_supported, "the coding of the video is not H.264, H.265 or MPEG-4"};
}

/// The way of the video and the instant of its time 0.
struct Way {
  UtcTime start{};
  Camera camera;
  std::vector<Track> tracks;
  bool own = false;  ///< from the file's own telemetry
};

/// The header's clock runs in local time on many cameras: a track with the video's name that doesn't cover it is believed more.
std::optional<UtcTime> beginning_of(const FileToDecode& file, const MovieInfo& info, const Telemetry& telemetry) {
  if (file.overrides.taken_at) return file.overrides.taken_at;
  if (const auto start = start_of(telemetry.clock)) return start;
  if (file.began_at) return file.began_at;
  if (!telemetry.fixes.empty()) return info.created_at;
  const bool covered = info.created_at && fix_at(file.sidecars, *info.created_at);
  return covered || !file.own_track_began_at ? info.created_at : file.own_track_began_at;
}

std::variant<Way, Refusal> way_of(const FileToDecode& file, const MovieInfo& info, const Telemetry& telemetry, const DecodeRules& rules) {
  Way way{.camera = {.make = telemetry.make.empty() ? info.make : telemetry.make,
                     .model = telemetry.model.empty() ? info.model : telemetry.model,
                     .width_px = info.width_px,
                     .height_px = info.height_px,
                     .projection = info.projection,
                     .focal_px = std::nullopt},
          .own = !telemetry.fixes.empty()};
  if (!way.own && file.sidecars.empty()) return Refusal{Reason::no_place, "the video holds no fix, and no track came with it"};
  const auto start = beginning_of(file, info, telemetry);
  if (!start) return Refusal{Reason::no_time, "the video does not say when it began"};
  if (auto refusal = check_time(*start, file.received_at, rules.clock_skew)) return *refusal;
  way.start = *start;
  way.tracks = way.own ? std::vector<Track>{track_of(telemetry, *start)} : file.sidecars;
  return way;
}

/// Takes the pictures that lie a step further than the last one taken.
class FrameTaker {
 public:
  FrameTaker(const FileToDecode& file, const DecodeRules& rules, const FrameSink& sink, const Way& way, int orientation)
      : file_{file}, rules_{rules}, sink_{sink}, way_{way}, orientation_{orientation} {}

  /// Whether more pictures are wanted.
  bool look_at(const MoviePicture& picture) {
    bad_size_ = check_size(picture.width_px, picture.height_px, rules_);
    if (bad_size_) return false;
    const auto fix = fix_at(way_.tracks, time_at(way_.start, picture.at_s));
    if (!fix) uncovered_s_ += std::max(0.0, picture.at_s - last_at_s_);
    last_at_s_ = picture.at_s;
    if (!fix) return true;
    if (last_taken_ && ground_distance_m(*last_taken_, fix->place) < rules_.video_step_m) return true;
    if (taken_ >= rules_.most_frames_per_video) {
      cut_ = true;
      return false;
    }
    take(picture, *fix);
    return true;
  }

  int taken() const { return taken_; }
  bool cut() const { return cut_; }
  double shown_s() const { return last_at_s_; }
  double uncovered_s() const { return uncovered_s_; }
  bool encoding_failed() const { return encoding_failed_; }
  const std::optional<Refusal>& bad_size() const { return bad_size_; }

 private:
  void take(const MoviePicture& picture, Fix fix) {
    const auto jpeg = encoder_.jpeg_of(picture.frame);
    if (!jpeg) {
      encoding_failed_ = true;
      return;
    }
    last_taken_ = fix.place;
    fix.heading_deg.reset();  // a course is no direction of view
    Capture capture;
    capture.id = frame_id_of(file_.account, file_.content, taken_);
    capture.fix = fix;
    capture.camera = way_.camera;
    capture.camera.width_px = picture.width_px;
    capture.camera.height_px = picture.height_px;
    capture.orientation = orientation_;
    ++taken_;
    sink_(capture, *jpeg);
  }

  const FileToDecode& file_;
  const DecodeRules& rules_;
  const FrameSink& sink_;
  const Way& way_;
  int orientation_;
  FrameEncoder encoder_;
  std::optional<LatLon> last_taken_;
  int taken_ = 0;
  double last_at_s_ = 0;
  double uncovered_s_ = 0;
  bool cut_ = false;
  bool encoding_failed_ = false;
  std::optional<Refusal> bad_size_;
};

void note_ending(const FrameTaker& taker, DecodeEnd end, const DecodeRules& rules, DecodeReport& report) {
  constexpr double kWorthNoting_s = 1;
  if (taker.uncovered_s() > kWorthNoting_s) {
    const double covered_s = taker.shown_s() - taker.uncovered_s();
    report.notes.push_back({Reason::no_place, text_with("telemetry covers %.1f s of %.1f s", covered_s, taker.shown_s())});
  }
  if (taker.cut()) {
    report.notes.push_back({Reason::file_too_large, text_with("only the first %.0f frames are used", rules.most_frames_per_video)});
  }
  if (end == DecodeEnd::broken || taker.encoding_failed()) {
    report.notes.push_back({Reason::broken_file, text_with("decoding failed after %.1f s", taker.shown_s())});
  }
}

Refusal why_nothing(const FrameTaker& taker, DecodeEnd end) {
  if (taker.bad_size()) return *taker.bad_size();
  if (end == DecodeEnd::broken) return {Reason::broken_file, "no picture of the video can be decoded"};
  if (taker.uncovered_s() > 0) return {Reason::no_place, text_with("no track covers any of the %.1f s", taker.shown_s())};
  return {Reason::broken_file, "the video holds no picture"};
}

}  // namespace

DecodeReport decode_video(const FileToDecode& file, const DecodeRules& rules, const FrameSink& sink) {
  auto movie = Mp4File::open(file.bytes);
  const auto info = movie ? std::optional{movie->info()} : std::nullopt;
  const auto found = telemetry_of(parts_of(file.bytes, info, file.received_at));
  DecodeReport report{.kind = FileKind::video, .format = found.format};
  const bool dated = file.overrides.taken_at || !found.telemetry.clock.empty();
  report.waits = file.awaits_tracks && info && info->can_decode && (found.telemetry.fixes.empty() || !dated);
  if (report.waits) return report;
  const auto way_found = way_of(file, info.value_or(MovieInfo{}), found.telemetry, rules);
  const auto* way = std::get_if<Way>(&way_found);
  if (way && way->own) report.track = way->tracks.front();
  if (!info || !info->can_decode) {
    report.refusal = why_not_decoded(info);
    return report;
  }
  const bool size_known = info->width_px > 0 && info->height_px > 0;
  if (size_known) report.refusal = check_size(info->width_px, info->height_px, rules);
  if (!report.refusal && !way) report.refusal = std::get<Refusal>(way_found);
  if (report.refusal) return report;

  FrameTaker taker{file, rules, sink, *way, info->orientation};
  const auto end = movie->decode_video(rules.most_pixels, [&](const MoviePicture& picture) { return taker.look_at(picture); });
  report.frames = taker.taken();
  note_ending(taker, end, rules, report);
  if (report.frames == 0) report.refusal = why_nothing(taker, end);
  return report;
}

}  // namespace cairn::ingest
