#include "services/changes/withdraw.hpp"

#include "services/changes/dirty_tiles.hpp"
#include "services/changes/dropped_blobs.hpp"
#include "services/changes/visibility.hpp"
#include "services/store/annotations.hpp"
#include "services/store/rows.hpp"
#include "services/store/sequences.hpp"
#include "services/store/tags.hpp"
#include "services/store/uploads.hpp"

#include <set>

namespace cairn::changes {
namespace {

using soci::use;
using store::Namespace;

const Refusal kWithdrawn{Reason::withdrawn, ""};

void drop_pictures(store::Session& session, const store::FrameRow& frame, UtcTime now) {
  drop_blob(session, Namespace::private_, frame.content, frame.content, now);
  for (const auto& blob : {frame.hd, frame.sd, frame.thumb}) {
    if (blob) drop_blob(session, Namespace::public_, *blob, frame.content, now);
  }
}

/// A file whose frames are all gone goes too.
void withdraw_empty_file(store::Session& session, FileId id, UtcTime now) {
  const auto text = id.text();
  int live = 0;
  session.sql() << "select count(*) from frames where file_id = :id and (reason is null or reason <> 'withdrawn')", use(text, "id"), soci::into(live);
  const auto file = live == 0 ? store::find_file(session, id) : std::nullopt;
  if (!file) return;
  store::update_file(session, id, store::FileState::refused, 0, kWithdrawn);
  drop_blob(session, Namespace::private_, file->content, file->content, now);
}

void forget_words_about(store::Session& session, FrameId id) {
  store::remove_tags(session, id.text());
  for (const auto& annotation : store::annotations_of(session, {id})[id]) store::delete_annotation(session, annotation.id);
}

void withdraw_frames(store::Session& session, std::vector<store::FrameRow> frames, UtcTime now) {
  std::vector<LatLon> places;
  std::set<FileId> files;
  for (auto& frame : frames) {
    if (frame.refusal == kWithdrawn) continue;
    if (frame.published) places.push_back(frame.place);
    drop_pictures(session, frame, now);
    forget_words_about(session, frame.id);
    frame.refusal = kWithdrawn;
    frame.published = false;
    frame.hd = frame.sd = frame.thumb = std::nullopt;
    if (frame.state == store::FrameState::fused) frame.state = store::FrameState::inspected;
    store::update_frame(session, frame);
    files.insert(frame.file);
  }
  for (const auto file : files) withdraw_empty_file(session, file, now);
  mark_tiles_dirty(session, places, now);
}

void mark_deleted(store::Session& session, store::SequenceRow sequence, UtcTime now) {
  sequence.deleted_at = sequence.updated_at = now;
  store::update_owners_words(session, sequence);
  store::remove_tags(session, sequence.id.text());
}

}  // namespace

void withdraw_frame(store::Session& session, const store::FrameRow& frame, UtcTime now) {
  withdraw_frames(session, {frame}, now);
  if (!frame.sequence) return;
  auto sequence = store::find_sequence(session, *frame.sequence);
  if (!sequence) return;
  if (sequence->state == store::SequenceState::ready && !frame.refusal && sequence->accepted > 0) --sequence->accepted;
  sequence->updated_at = now;
  store::update_sequence(session, *sequence);
  fuse_again(session, sequence->id, now);
}

void withdraw_sequence(store::Session& session, const store::SequenceRow& sequence, UtcTime now) {
  withdraw_frames(session, store::frames_of_sequence(session, sequence.id), now);
  mark_deleted(session, sequence, now);
  fuse_again(session, sequence.id, now);
}

void withdraw_set(store::Session& session, UploadSetId set, UtcTime now) {
  withdraw_frames(session, store::frames_of_set(session, set), now);
  for (const auto& file : store::files_of(session, set)) withdraw_empty_file(session, file.id, now);
  for (const auto& sequence : store::sequences_of_set(session, set)) {
    mark_deleted(session, sequence, now);
    fuse_again(session, sequence.id, now);
  }
  const auto id = set.text();
  const long long at = micros_of(now);
  store::remove_tags(session, id);
  session.sql() << "update upload_sets set deleted_at = :at where id = :id", use(at, "at"), use(id, "id");
}

}  // namespace cairn::changes
