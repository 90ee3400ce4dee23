#include "tests/services/gateway/made_drive.hpp"

#include "services/store/files.hpp"
#include "services/store/sequences.hpp"
#include "services/store/uploads.hpp"

namespace cairn::testing {
namespace {

store::ReceivedFile file_of(const DriveToMake& wanted, UploadSetId set, int number) {
  store::ReceivedFile file;
  file.name = "picture-" + std::to_string(number) + ".jpg";
  file.id = FileId::derived_from({"file", wanted.name, file.name});
  file.upload_set = set;
  file.account = wanted.account;
  file.kind = "picture";
  file.content = sha256_of("content of " + wanted.name + file.name);
  file.md5 = std::string(32, 'a');
  file.size = 200'000 + number;
  file.received_at = kNow;
  file.frame = frame_id_of(file.account, file.content, 0);
  file.state = store::FileState::decoded;
  file.frames = 1;
  return file;
}

store::FrameRow frame_of(const DriveToMake& wanted, const store::ReceivedFile& file, int number) {
  store::FrameRow frame;
  frame.id = frame.capture.id = *file.frame;
  frame.upload_set = file.upload_set;
  frame.file = file.id;
  frame.account = file.account;
  frame.file_name = file.name;
  frame.content = file.content;
  frame.capture.camera = {"Apple", "iPhone4,1", 1024, wanted.projection == Projection::equirectangular ? 512 : 768, wanted.projection, 960};
  frame.capture.camera.focal_mm = 4.3;
  frame.capture.pitch_deg = 1;
  frame.capture.fix.accuracy_m = 3;
  frame.taken_at = frame.capture.fix.taken_at = wanted.first_taken_at + std::chrono::seconds{number};
  frame.place = frame.capture.fix.place = moved(wanted.start, {0, 5.0 * number});
  return frame;
}

void settle(store::FrameRow& frame, const store::BlobStore& blobs, const Bytes& redacted) {
  const auto bytes = redacted.empty() ? "redacted bytes of " + frame.id.text() : std::string{text_of(redacted)};
  frame.thumb = frame.sd = frame.hd = blobs.put(store::Namespace::public_, bytes_of(bytes));
  frame.state = store::FrameState::fused;
  frame.heading_deg = 0;
  frame.published = true;
  frame.line_ordinal = frame.rank - 1;
  frame.line_zoom = 0;
  frame.observation.emplace();
  frame.observation->width_px = frame.capture.camera.width_px;
  frame.observation->height_px = frame.capture.camera.height_px;
}

store::SequenceRow sequence_of(const DriveToMake& wanted, UploadSetId set, const std::vector<store::FrameRow>& frames) {
  store::SequenceRow sequence;
  sequence.id = SequenceId::derived_from({"sequence", wanted.name});
  sequence.upload_set = set;
  sequence.account = wanted.account;
  sequence.title = "Title of " + wanted.name;
  sequence.created_at = sequence.updated_at = kNow;
  sequence.state = wanted.ready ? store::SequenceState::ready : store::SequenceState::inspecting;
  sequence.frames = wanted.frames;
  sequence.accepted = wanted.ready ? wanted.frames : 0;
  sequence.first_taken_at = frames.front().taken_at;
  sequence.last_taken_at = frames.back().taken_at;
  sequence.length_m = 5.0 * (wanted.frames - 1);
  sequence.south_west = frames.front().place;
  sequence.north_east = frames.back().place;
  return sequence;
}

}  // namespace

MadeDrive make_drive(store::Session& session, const store::BlobStore& blobs, const DriveToMake& wanted) {
  MadeDrive drive;
  session.write([&](store::Session& writer) {
    store::UploadSet set;
    set.id = drive.set = UploadSetId::derived_from({"set", wanted.name});
    set.account = wanted.account;
    set.title = "Title of " + wanted.name;
    set.created_at = kNow;
    set.completed_at = kNow;
    set.estimated_files = wanted.announced;
    set.rules_json = R"({"sort_method": "time-asc"})";
    store::insert_upload_set(writer, set);
    store::set_dispatched(writer, set.id, kNow);
    for (int i = 0; i < wanted.frames; ++i) {
      const auto file = file_of(wanted, set.id, i);
      store::insert_file(writer, file);
      drive.frames.push_back(frame_of(wanted, file, i));
      store::insert_frame(writer, drive.frames.back());
    }
    const auto sequence = sequence_of(wanted, set.id, drive.frames);
    drive.sequence = sequence.id;
    store::insert_sequence(writer, sequence);
    for (int i = 0; i < wanted.frames; ++i) {
      auto& frame = drive.frames[static_cast<std::size_t>(i)];
      frame.sequence = sequence.id;
      frame.rank = i + 1;
      frame.state = store::FrameState::assembled;
      if (wanted.ready) settle(frame, blobs, wanted.redacted);
      store::update_frame(writer, frame);
    }
  });
  return drive;
}

void finish_sequence(store::Session& session, const store::BlobStore& blobs, SequenceId id) {
  auto sequence = *store::find_sequence(session, id);
  auto frames = store::frames_of_set(session, sequence.upload_set);
  int rank = 0;
  for (auto& frame : frames) {
    frame.sequence = id;
    frame.rank = ++rank;
    settle(frame, blobs, {});
    store::update_frame(session, frame);
  }
  sequence.state = store::SequenceState::ready;
  sequence.frames = sequence.accepted = rank;
  sequence.first_taken_at = frames.front().taken_at;
  sequence.last_taken_at = frames.back().taken_at;
  sequence.south_west = sequence.north_east = frames.front().place;
  store::update_sequence(session, sequence);
}

}  // namespace cairn::testing
