#include "core/reason.hpp"

#include <array>

namespace cairn {
namespace {

struct Entry {
  Reason reason;
  std::string_view code;
  std::string_view sentence;
};

constexpr std::array kEntries{
    Entry{Reason::empty_file, "empty_file", "The file has no bytes: copy it from the camera again."},
    Entry{Reason::file_too_large, "file_too_large", "The file is larger than this server takes: split it."},
    Entry{Reason::not_supported, "not_supported",
          "The file is of no supported kind: send JPEG pictures, MP4 videos with telemetry, or a GPX track."},
    Entry{Reason::broken_file, "broken_file", "The file is truncated or corrupt: copy it from the camera again."},
    Entry{Reason::picture_too_small, "picture_too_small", "The picture has too few pixels to show anything on the map: send it as the camera recorded it."},
    Entry{Reason::picture_too_large, "picture_too_large", "The picture has more pixels than this server decodes: scale it down."},
    Entry{Reason::file_duplicate, "file_duplicate", "The same picture was received before: nothing to do."},
    Entry{Reason::no_time, "no_time", "The picture says no time: set the camera's clock, or send a track that covers it."},
    Entry{Reason::no_place, "no_place", "The picture says no place: switch on the camera's GPS, or send a track that covers it."},
    Entry{Reason::impossible_time, "impossible_time", "The time lies before 2000 or in the future: set the camera's clock."},
    Entry{Reason::impossible_place, "impossible_place", "The place is not on the globe or is exactly 0, 0: the GPS had no fix."},
    Entry{Reason::near_duplicate, "near_duplicate", "A neighbouring picture shows the same: nothing to do."},
    Entry{Reason::too_fast, "too_fast", "The way from the picture before is faster than 400 km/h: its place or time is wrong."},
    Entry{Reason::zig_zag, "zig_zag", "The places jump back and forth: the GPS reception was too poor; give the receiver a view of the sky."},
    Entry{Reason::stationary, "stationary", "All pictures are at one place: the GPS was stuck or the camera did not move."},
    Entry{Reason::time_backwards, "time_backwards", "The time runs backwards within the recording: the camera's clock jumped."},
    Entry{Reason::blurred, "blurred", "The picture is too blurred to use: clean the lens or the windscreen."},
    Entry{Reason::too_dark, "too_dark", "The picture is too dark to use: record by daylight or under street lights."},
    Entry{Reason::over_exposed, "over_exposed", "Too much of the picture is overexposed: keep the sun out of it, or let the camera choose the exposure."},
    Entry{Reason::redaction_failed, "redaction_failed",
          "Faces and plates could not be hidden with certainty, so the picture is not published."},
    Entry{Reason::motion_contradicts, "motion_contradicts", "What moves in the pictures does not fit the track that came with them: send the track of this drive, and set the camera's clock."},
    Entry{Reason::implausible_track, "implausible_track", "The track is not one that a vehicle or person can make: send it as the receiver recorded it."},
    Entry{Reason::processing_failed, "processing_failed", "The file could not be processed; the operator has been told and keeps it aside."},
    Entry{Reason::id_conflict, "id_conflict", "Another picture has the id that was chosen for this one: send it with a new id."},
    Entry{Reason::withdrawn, "withdrawn", "Its owner took it away."},
    Entry{Reason::in_privacy_zone, "in_privacy_zone", "Its place lies in one of your privacy zones: it is neither kept nor shown."},
    Entry{Reason::in_excluded_area, "in_excluded_area", "Its place lies in an area that the operator of this server excludes: it is neither kept nor shown."},
    Entry{Reason::log_altered, "log_altered", "The log is not as its receiver signed it: send it whole and unedited, as the receiver wrote it."},
};

}  // namespace

std::string_view code_of(Reason reason) {
  for (const auto& entry : kEntries) {
    if (entry.reason == reason) return entry.code;
  }
  return "unknown";
}

std::string_view sentence_of(Reason reason) {
  for (const auto& entry : kEntries) {
    if (entry.reason == reason) return entry.sentence;
  }
  return "";
}

std::optional<Reason> reason_from_code(std::string_view code) {
  for (const auto& entry : kEntries) {
    if (entry.code == code) return entry.reason;
  }
  return std::nullopt;
}

}  // namespace cairn
