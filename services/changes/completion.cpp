#include "services/changes/completion.hpp"

#include "services/store/files.hpp"
#include "services/store/jobs.hpp"
#include "services/store/uploads.hpp"

#include <chrono>

namespace cairn::changes {
namespace {

using store::ReceivedFile;

/// Whether the file is to be decoded now. The refusal of one that a track may help is taken back, but not of one that was sent again
/// and taken meanwhile.
bool is_due(store::Session& session, const ReceivedFile& file) {
  if (!file.refusal) return true;
  const bool sent_again = store::same_picture(session, file.account, file.content, file.scan_hash) || (file.frame && store::frame_id_is_taken(session, *file.frame));
  if (!sent_again) store::update_file(session, file.id, store::FileState::received, 0, {});
  return !sent_again;
}

}  // namespace

void complete_set(store::Session& session, UploadSetId id, UtcTime now) {
  store::set_completed(session, id, now);
  for (const auto& file : store::files_left_to_decode(session, id)) {
    if (is_due(session, file)) store::enqueue(session, {.stage = store::Stage::decode, .key = file.id.text(), .tenant = file.account.text(), .now = now});
  }
  assemble_when_ready(session, id, now);
}

void assemble_when_ready(store::Session& session, UploadSetId id, UtcTime now) {
  const auto set = store::find_upload_set(session, id);
  if (!set || !set->completed_at || store::any_file_in_work(session, id)) return;
  // Pictures that are added to one sequence come one by one: a little patience takes several at once.
  const auto patience = set->one_sequence ? std::chrono::seconds{2} : std::chrono::seconds{0};
  store::enqueue(session, {.stage = store::Stage::assemble, .key = id.text(), .tenant = set->account.text(), .now = now, .delay = patience});
}

}  // namespace cairn::changes
