// Decode and assemble: files become frames, frames become sequences.

#include "services/codec/codec.hpp"
#include "services/coordinator/briefs.hpp"
#include "services/coordinator/effects.hpp"
#include "services/coordinator/keys.hpp"
#include "services/store/frames.hpp"
#include "services/store/uploads.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace cairn::coordinator {
namespace {

using store::Session;

store::FrameRow frame_row_of(const bus::DecodedFrame& decoded, const store::ReceivedFile& file) {
  const auto content = Sha256::from_hex(decoded.content());
  if (!content) throw std::runtime_error{"a decoded frame of " + file.id.text() + " names no blob"};
  store::FrameRow row;
  row.capture = codec::from_record(decoded.capture());
  row.id = row.capture.id;
  row.upload_set = file.upload_set;
  row.file = file.id;
  row.account = file.account;
  row.file_name = file.name;
  row.content = *content;
  row.taken_at = row.capture.fix.taken_at;
  row.place = row.capture.fix.place;
  row.heading_deg = row.capture.fix.heading_deg;
  return row;
}

void begin_sequence(Session& session, const store::UploadSet& set, const bus::AssembledSequence& assembled, const std::string& title, UtcTime now,
                    std::map<FrameId, store::FrameRow>& frames) {
  store::SequenceRow sequence;
  sequence.id = SequenceId::parse(assembled.id()).value();
  sequence.upload_set = set.id;
  sequence.account = set.account;
  sequence.title = title;
  sequence.created_at = sequence.updated_at = now;
  sequence.frames = assembled.frames_size();
  sequence.batches_left = (sequence.frames + kInspectBatch - 1) / kInspectBatch;
  int rank = 0;
  for (const auto& id : assembled.frames()) {
    auto& frame = frames.at(FrameId::parse(id).value());
    frame.sequence = sequence.id;
    frame.rank = ++rank;
    frame.state = store::FrameState::assembled;
    store::update_frame(session, frame);
    if (rank == 1) sequence.first_taken_at = frame.taken_at;
    sequence.last_taken_at = frame.taken_at;
  }
  store::insert_sequence(session, sequence);
  for (int batch = 0; batch < sequence.batches_left; ++batch) {
    const int frames_in_batch = std::min(kInspectBatch, sequence.frames - batch * kInspectBatch);
    store::enqueue(session, {.stage = store::Stage::inspect, .key = inspect_key(sequence.id, batch), .tenant = set.account.text(), .now = now,
                             .weight = frames_in_batch});
  }
}

void leave_out(Session& session, const bus::LeftOut& left_out, std::map<FrameId, store::FrameRow>& frames) {
  auto& frame = frames.at(FrameId::parse(left_out.frame()).value());
  frame.state = store::FrameState::assembled;
  frame.refusal = codec::from_record(left_out.refusal());
  if (left_out.has_duplicate_of()) frame.duplicate_of = FrameId::parse(left_out.duplicate_of());
  store::update_frame(session, frame);
}

}  // namespace

void apply_decode(Session& session, const bus::Lease& lease, const bus::DecodeResult& result, UtcTime now) {
  const auto id = FileId::parse(lease.key()).value();
  const auto file = store::find_file(session, id);
  if (!file) return;
  for (const auto& frame : result.frames()) store::insert_frame(session, frame_row_of(frame, *file));
  const auto refusal = result.has_refusal() ? std::optional{codec::from_record(result.refusal())} : std::nullopt;
  store::update_file(session, id, refusal ? store::FileState::refused : store::FileState::decoded, result.frames_size(), refusal);
  assemble_when_ready(session, file->upload_set, now);
}

void apply_assemble(Session& session, const bus::Lease& lease, const bus::AssembleResult& result, UtcTime now) {
  const auto id = UploadSetId::parse(lease.key()).value();
  const auto set = store::find_upload_set(session, id);
  if (!set) return;
  std::map<FrameId, store::FrameRow> frames;
  for (auto& frame : store::frames_of_set(session, id)) frames.emplace(frame.id, frame);
  int number = static_cast<int>(store::sequences_of_set(session, id).size());
  const bool several = number + result.sequences_size() > 1;
  for (const auto& sequence : result.sequences()) {
    ++number;
    begin_sequence(session, *set, sequence, several ? set->title + "-" + std::to_string(number) : set->title, now, frames);
  }
  for (const auto& left_out : result.left_out()) leave_out(session, left_out, frames);
  store::set_dispatched(session, id, now);
}

}  // namespace cairn::coordinator
