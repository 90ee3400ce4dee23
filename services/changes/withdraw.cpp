#include "services/changes/withdraw.hpp"

#include "services/changes/dirty_tiles.hpp"
#include "services/changes/dropped_blobs.hpp"
#include "services/changes/feed.hpp"
#include "services/changes/measure.hpp"
#include "services/changes/visibility.hpp"
#include "services/store/annotations.hpp"
#include "services/store/conditions.hpp"
#include "services/store/files.hpp"
#include "services/store/rows.hpp"
#include "services/store/sequences.hpp"
#include "services/store/tags.hpp"
#include "services/store/uploads.hpp"

#include <algorithm>
#include <set>

namespace cairn::changes {
namespace {

using soci::use;
using store::Namespace;

void drop_pictures(store::Session& session, const store::FrameRow& frame, UtcTime now) {
  drop_blob(session, Namespace::private_, frame.content, frame.content, now);
  for (const auto& blob : {frame.hd, frame.sd, frame.thumb}) {
    if (blob) drop_blob(session, Namespace::public_, *blob, frame.content, now);
  }
}

/// A file whose frames are all gone goes too.
void drop_empty_file(store::Session& session, FileId id, Reason reason, UtcTime now) {
  const auto text = id.text();
  int live = 0;
  session.sql() << "select count(*) from frames where file_id = :id and (reason is null or reason not in " + std::string{store::kTakenAway} + ")", use(text, "id"),
      soci::into(live);
  const auto file = live == 0 ? store::find_file(session, id) : std::nullopt;
  if (!file) return;
  store::update_file(session, id, store::FileState::refused, 0, Refusal{reason, ""});
  drop_blob(session, Namespace::private_, file->content, file->content, now);
}

/// The recording that a private frame was taken from shows its place, too. Its other frames are pictures of their own.
void drop_video(store::Session& session, FileId id, UtcTime now) {
  const auto file = store::find_file(session, id);
  if (!file || file->kind != "video") return;
  const auto content = file->content.hex();
  int senders = 0;
  session.sql() << "select count(distinct account_id) from files where content = :content and reason is null", use(content, "content"), soci::into(senders);
  if (senders > 1) return;
  drop_blob(session, Namespace::private_, file->content, Sha256{}, now);  // wanted for no picture's sake
}

void forget_words_about(store::Session& session, FrameId id) {
  store::remove_tags(session, id.text());
  for (const auto& annotation : store::annotations_of(session, {id})[id]) store::delete_annotation(session, annotation.id);
}

void drop_frames(store::Session& session, std::vector<store::FrameRow> frames, Reason reason, UtcTime now) {
  std::vector<LatLon> places;
  std::vector<FrameId> gone;
  std::set<FileId> files;
  for (auto& frame : frames) {
    if (store::is_withdrawn(frame)) continue;
    if (frame.published) {
      places.push_back(frame.place);
      gone.push_back(frame.id);
    }
    drop_pictures(session, frame, now);
    forget_words_about(session, frame.id);
    frame.refusal = Refusal{reason, ""};  // without its place: that is what nobody may see
    frame.published = false;
    frame.hd = frame.sd = frame.thumb = std::nullopt;
    if (frame.state == store::FrameState::fused) frame.state = store::FrameState::inspected;
    store::update_frame(session, frame);
    files.insert(frame.file);
  }
  for (const auto file : files) drop_empty_file(session, file, reason, now);
  mark_tiles_dirty(session, kSetsOfPictures, places, now);
  tell_pictures(session, gone, now);
}

void mark_deleted(store::Session& session, store::SequenceRow sequence, UtcTime now) {
  sequence.deleted_at = sequence.updated_at = now;
  store::update_owners_words(session, sequence);
  store::remove_tags(session, sequence.id.text());
}

enum class Empty { stays, goes };

/// After frames of it went: the sequence tells of those that are left, and is fused again.
void go_on_without(store::Session& session, SequenceId id, Empty empty, UtcTime now) {
  auto sequence = store::find_sequence(session, id);
  if (!sequence) return;
  const bool was_shown = is_shown(*sequence);
  const auto frames = store::frames_of_sequence(session, id);
  if (sequence->state == store::SequenceState::ready) measure(*sequence, frames);
  sequence->updated_at = now;
  store::update_sequence(session, *sequence);
  const auto set = store::find_upload_set(session, sequence->upload_set);
  const bool may_grow = set && set->one_sequence;
  if (empty == Empty::goes && !may_grow && std::ranges::all_of(frames, store::is_withdrawn)) mark_deleted(session, *sequence, now);
  if (was_shown) tell_sequence(session, id, now);
  fuse_again(session, id, now);
}

}  // namespace

void take_away(store::Session& session, std::vector<store::FrameRow> frames, Reason reason, UtcTime now) {
  std::set<SequenceId> sequences;
  std::set<FileId> files;
  for (const auto& frame : frames) {
    if (frame.sequence) sequences.insert(*frame.sequence);
    files.insert(frame.file);
  }
  drop_frames(session, std::move(frames), reason, now);
  for (const auto id : files) drop_video(session, id, now);
  for (const auto id : sequences) go_on_without(session, id, Empty::goes, now);  // one that lies wholly in a private area
}

void withdraw_frame(store::Session& session, const store::FrameRow& frame, UtcTime now) {
  drop_frames(session, {frame}, Reason::withdrawn, now);
  if (frame.sequence) go_on_without(session, *frame.sequence, Empty::stays, now);
}

void withdraw_sequence(store::Session& session, const store::SequenceRow& sequence, UtcTime now) {
  drop_frames(session, store::frames_of_sequence(session, sequence.id), Reason::withdrawn, now);
  mark_deleted(session, sequence, now);
  if (is_shown(sequence)) tell_sequence(session, sequence.id, now);
  fuse_again(session, sequence.id, now);
}

void withdraw_set(store::Session& session, UploadSetId set, UtcTime now) {
  drop_frames(session, store::frames_of_set(session, set), Reason::withdrawn, now);
  for (const auto& file : store::files_of(session, set)) drop_empty_file(session, file.id, Reason::withdrawn, now);
  for (const auto& sequence : store::sequences_of_set(session, set)) {
    mark_deleted(session, sequence, now);
    if (is_shown(sequence)) tell_sequence(session, sequence.id, now);
    fuse_again(session, sequence.id, now);
  }
  const auto id = set.text();
  const long long at = micros_of(now);
  store::remove_tags(session, id);
  session.sql() << "update upload_sets set deleted_at = :at where id = :id", use(at, "at"), use(id, "id");
}

}  // namespace cairn::changes
