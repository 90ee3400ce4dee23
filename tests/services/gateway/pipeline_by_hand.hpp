#pragma once
// An upload, and what the pipeline makes of it, without a pipeline.

#include "services/store/files.hpp"
#include "services/store/frames.hpp"
#include "services/store/sequences.hpp"
#include "services/store/uploads.hpp"
#include "tests/ingest/make_picture.hpp"
#include "tests/services/gateway/served.hpp"

namespace cairn::testing {

inline std::string picture(int width, bool with_place = true) {
  Tags tags{{"Exif.Photo.DateTimeOriginal", "2026:04:30 10:00:00"}, {"Exif.Photo.OffsetTimeOriginal", "+00:00"}};
  if (with_place) {
    tags.insert(tags.end(), {{"Exif.GPSInfo.GPSLatitude", "55/1 41/1 5367/100"}, {"Exif.GPSInfo.GPSLatitudeRef", "N"},
                             {"Exif.GPSInfo.GPSLongitude", "13/1 11/1 1068/25"}, {"Exif.GPSInfo.GPSLongitudeRef", "E"}});
  }
  return std::string{text_of(with_tags(make_jpeg(width, 300), tags))};
}

inline std::string new_set(const Served& served, nlohmann::json body = {}) {
  body["title"] = "Monday";
  return served.client().post_json("/api/upload_sets", body).json()["id"];
}

inline std::string files_url(const std::string& set) { return "/api/upload_sets/" + set + "/files"; }

/// One sequence with one published frame, made from the first file of a set.
inline store::FrameRow publish(const Served& served, const std::string& set_id) {
  auto session = served.session();
  const auto set = *store::find_upload_set(session, *UploadSetId::parse(set_id));
  const auto file = store::files_of(session, set.id).front();
  store::FrameRow frame;
  frame.id = *file.frame;
  frame.upload_set = set.id;
  frame.file = file.id;
  frame.account = file.account;
  frame.file_name = file.name;
  frame.content = file.content;
  frame.capture.id = frame.id;
  frame.capture.camera = {"Make", "Model", 1920, 1080, Projection::flat, 1500};
  frame.capture.pitch_deg = 1;
  frame.capture.fix.accuracy_m = 3;
  frame.taken_at = frame.capture.fix.taken_at = kNow;
  frame.place = frame.capture.fix.place = *LatLon::from_degrees(55.7, 13.2);
  store::SequenceRow sequence;
  sequence.id = SequenceId::derived_from({"sequence"});
  sequence.upload_set = set.id;
  sequence.account = set.account;
  sequence.title = set.title;
  sequence.state = store::SequenceState::ready;
  sequence.frames = sequence.accepted = 1;
  sequence.first_taken_at = sequence.last_taken_at = kNow;
  sequence.south_west = sequence.north_east = frame.place;
  frame.thumb = frame.sd = frame.hd = served.blobs().put(store::Namespace::public_, bytes_of("redacted bytes"));
  session.write([&](store::Session& writer) {
    store::insert_frame(writer, frame);
    store::insert_sequence(writer, sequence);
    store::update_file(writer, file.id, store::FileState::decoded, 1, {});
    store::set_dispatched(writer, set.id, kNow);
    frame.sequence = sequence.id;
    frame.rank = 1;
    frame.state = store::FrameState::fused;
    frame.heading_deg = 90;
    frame.published = true;
    store::update_frame(writer, frame);
  });
  return frame;
}

}  // namespace cairn::testing
