// Decode and assemble: files become frames, frames become sequences.

#include "services/changes/completion.hpp"
#include "services/changes/private_areas.hpp"
#include "services/changes/visibility.hpp"
#include "services/codec/codec.hpp"
#include "services/coordinator/briefs.hpp"
#include "services/coordinator/effects.hpp"
#include "services/coordinator/keys.hpp"
#include "services/store/files.hpp"
#include "services/store/frames.hpp"
#include "services/store/sequences.hpp"
#include "services/store/uploads.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <tuple>

namespace cairn::coordinator {
namespace {

using store::Session;

store::FrameRow frame_row_of(const bus::DecodedFrame& decoded, const store::ReceivedFile& file) {
  const auto content = Sha256::from_hex(decoded.content());
  if (!content) throw std::runtime_error{"a decoded frame of " + file.id.text() + " names no blob"};
  store::FrameRow row;
  row.capture = codec::from_record(decoded.capture());
  const bool is_first = row.capture.id == frame_id_of(file.account, file.content, 0);
  if (is_first && file.frame) row.capture.id = *file.frame;  // its sender may have chosen the id
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

void enqueue_batch(Session& session, const store::SequenceRow& sequence, int batch, UtcTime now) {
  store::enqueue(session, {.stage = store::Stage::inspect, .key = inspect_key(sequence.id, batch), .tenant = sequence.account.text(), .now = now,
                           .weight = std::min(kInspectBatch, sequence.frames - batch * kInspectBatch)});
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
  int rank = 0;
  for (const auto& id : assembled.frames()) {
    auto& frame = frames.at(FrameId::parse(id).value());
    frame.sequence = sequence.id;
    frame.rank = ++rank;
    frame.state = store::FrameState::assembled;
    if (frame.refusal == kGivenUp) frame.refusal.reset();  // put back by the operator
    store::update_frame(session, frame);
    if (rank == 1) sequence.first_taken_at = frame.taken_at;
    sequence.last_taken_at = frame.taken_at;
  }
  store::insert_sequence(session, sequence);
  for (int batch = 0; batch * kInspectBatch < sequence.frames; ++batch) enqueue_batch(session, sequence, batch, now);
}

/// Where its sender wants each file of a set.
std::map<FileId, int> positions_of(Session& session, UploadSetId set) {
  std::map<FileId, int> positions;
  for (const auto& file : store::files_of(session, set)) {
    const auto stated = nlohmann::json::parse(file.overrides_json, nullptr, false);
    positions[file.id] = stated.is_object() && stated.contains("position") && stated["position"].is_number_integer() ? stated["position"].get<int>() : 0;
  }
  return positions;
}

std::vector<store::FrameRow*> in_order_of_positions(std::map<FrameId, store::FrameRow>& frames, const std::map<FileId, int>& positions) {
  std::vector<store::FrameRow*> order;
  for (auto& [id, frame] : frames) {
    if (frame.sequence) order.push_back(&frame);
  }
  std::ranges::stable_sort(order, {}, [&](const store::FrameRow* frame) { return std::tuple{positions.at(frame->file), frame->taken_at, frame->id}; });
  return order;
}

/// Gives the batches in which a rank changed.
std::set<int> rank_anew(const std::vector<store::FrameRow*>& order) {
  std::set<int> batches;
  for (int rank = 1; auto* frame : order) {
    if (frame->rank != rank) batches.insert((rank - 1) / kInspectBatch);
    frame->rank = rank++;
  }
  return batches;
}

/// Adds frames to the one sequence of a set. Ranks follow the positions, without gaps; only batches in which something is new
/// are inspected, all frames of them: until then none of them counts as inspected.
void extend_sequence(Session& session, const store::UploadSet& set, const bus::AssembleResult& result, UtcTime now, std::map<FrameId, store::FrameRow>& frames) {
  auto sequence = store::find_sequence(session, *set.one_sequence);
  if (!sequence) return;
  for (const auto& part : result.sequences()) {
    for (const auto& id : part.frames()) {
      auto& frame = frames.at(FrameId::parse(id).value());
      frame.sequence = sequence->id;
      if (frame.refusal == kGivenUp) frame.refusal.reset();
    }
  }
  const auto order = in_order_of_positions(frames, positions_of(session, set.id));
  const auto batches = rank_anew(order);
  if (batches.empty()) return;
  const auto [first, last] = std::ranges::minmax(order, {}, &store::FrameRow::taken_at);
  sequence->first_taken_at = first->taken_at;
  sequence->last_taken_at = last->taken_at;
  sequence->frames = static_cast<int>(order.size());
  sequence->state = store::SequenceState::inspecting;
  sequence->updated_at = now;
  store::update_sequence(session, *sequence);
  for (auto* frame : order) {
    if (!batches.contains((frame->rank - 1) / kInspectBatch)) continue;
    frame->state = store::FrameState::assembled;
    store::update_frame(session, *frame);
  }
  for (const int batch : batches) enqueue_batch(session, *sequence, batch, now);
}

void leave_out(Session& session, const bus::LeftOut& left_out, std::map<FrameId, store::FrameRow>& frames) {
  auto& frame = frames.at(FrameId::parse(left_out.frame()).value());
  if (store::is_withdrawn(frame)) return;
  frame.state = store::FrameState::assembled;
  frame.refusal = codec::from_record(left_out.refusal());
  if (left_out.has_duplicate_of()) frame.duplicate_of = FrameId::parse(left_out.duplicate_of());
  store::update_frame(session, frame);
}

/// Of a bundle with thousands of bad pictures the first hundred say enough.
void note_parts(Session& session, const store::ReceivedFile& file, const bus::DecodeResult& result) {
  constexpr std::size_t kMostNotes = 100;
  std::vector<Refusal> notes;
  for (const auto& note : result.notes()) {
    if (notes.size() < kMostNotes) notes.push_back(codec::from_record(note));
  }
  if (!notes.empty() || !file.notes.empty()) store::note_parts(session, file.id, notes);
}

/// The gateway may have shown a frame before it was decoded.
void refuse_early_frame(Session& session, FrameId id, const Refusal& refusal) {
  auto frame = store::find_frame(session, id);
  if (!frame || frame->state != store::FrameState::decoded || frame->refusal) return;
  frame->refusal = refusal;
  store::update_frame(session, *frame);
}

}  // namespace

void apply_decode(Session& session, const bus::Lease& lease, const bus::DecodeResult& result, UtcTime now) {
  const auto id = FileId::parse(lease.key()).value();
  const auto file = store::find_file(session, id);
  if (!file || (file->refusal && file->refusal != kGivenUp)) return;  // withdrawn meanwhile
  if (result.waits()) return;  // until the set is complete
  for (const auto& frame : result.frames()) {
    const auto row = frame_row_of(frame, *file);
    store::insert_frame(session, row);
    if (file->kind == "picture") store::update_early_frame(session, row);
  }
  const auto refusal = result.has_refusal() ? std::optional{codec::from_record(result.refusal())} : std::nullopt;
  if (refusal && file->frame) refuse_early_frame(session, *file->frame, *refusal);
  store::update_file(session, id, refusal ? store::FileState::refused : store::FileState::decoded, result.frames_size(), refusal);
  note_parts(session, *file, result);
  if (file->kind == "track") store::note_signatures(session, id, result.log_state(), result.log_device());
  changes::take_away_private_frames(session, file->account, store::frames_of_file(session, id), now);
  changes::assemble_when_ready(session, file->upload_set, now);
}

void apply_assemble(Session& session, const bus::Lease& lease, const bus::AssembleResult& result, UtcTime now) {
  const auto id = UploadSetId::parse(lease.key()).value();
  const auto set = store::find_upload_set(session, id);
  if (!set) return;
  std::map<FrameId, store::FrameRow> frames;
  for (auto& frame : store::frames_of_set(session, id)) frames.emplace(frame.id, frame);
  if (set->one_sequence) extend_sequence(session, *set, result, now, frames);
  int number = static_cast<int>(store::sequences_of_set(session, id).size());
  const bool several = number + result.sequences_size() > 1;
  for (const auto& sequence : result.sequences()) {
    if (set->one_sequence) break;
    ++number;
    begin_sequence(session, *set, sequence, several ? set->title + "-" + std::to_string(number) : set->title, now, frames);
  }
  for (const auto& left_out : result.left_out()) leave_out(session, left_out, frames);
  changes::refresh_shown_to(session, id);
  store::set_dispatched(session, id, now);
}

}  // namespace cairn::coordinator
