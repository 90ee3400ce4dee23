// Inspect: frames get observations and redacted pictures.

#include "services/changes/dropped_blobs.hpp"
#include "services/changes/feed.hpp"
#include "services/codec/codec.hpp"
#include "services/coordinator/briefs.hpp"
#include "services/coordinator/detections.hpp"
#include "services/coordinator/effects.hpp"
#include "services/coordinator/keys.hpp"
#include "services/store/frames.hpp"
#include "services/store/sequences.hpp"

#include <stdexcept>

namespace cairn::coordinator {
namespace {

using store::Session;

std::optional<Sha256> digest_from(bool there, const std::string& hex) { return there ? Sha256::from_hex(hex) : std::nullopt; }

/// Published frames that vision refuses now.
struct Gone {
  std::vector<LatLon> places;
  std::vector<FrameId> frames;
};

/// What vision refuses is on no map any more, even where an earlier inspection let it pass.
void unpublish(store::FrameRow& frame, Gone& gone) {
  if (!frame.published) return;
  frame.published = false;
  gone.places.push_back(frame.place);
  gone.frames.push_back(frame.id);
}

void tell(Session& session, const Gone& gone, UtcTime now, const EffectRules& rules) {
  changes::mark_tiles_dirty(session, changes::kSetsOfPictures, gone.places, now, rules.debounce);
  changes::tell_pictures(session, gone.frames, now);
}

/// The refusal is this inspection's alone: what fusion or an earlier inspection said against a frame is judged anew, and no
/// verdict stands meanwhile.
void note_inspected(Session& session, store::FrameRow& frame, const bus::InspectedFrame& inspected, Gone& gone) {
  frame.observation = codec::from_record(inspected.observation());
  if (frame.refusal) frame.verdict.reset();
  frame.refusal.reset();
  if (inspected.has_refusal()) frame.refusal = codec::from_record(inspected.refusal());
  frame.hd = digest_from(inspected.has_hd(), inspected.hd());
  frame.sd = digest_from(inspected.has_sd(), inspected.sd());
  frame.thumb = digest_from(inspected.has_thumb(), inspected.thumb());
  if (frame.refusal) unpublish(frame, gone);
  annotate_detections(session, frame);
}

/// Pictures that were made of a frame while it was taken away.
void drop_late_pictures(Session& session, const store::FrameRow& frame, const bus::InspectedFrame& inspected, UtcTime now) {
  for (const auto& picture : {digest_from(inspected.has_hd(), inspected.hd()), digest_from(inspected.has_sd(), inspected.sd()), digest_from(inspected.has_thumb(), inspected.thumb())}) {
    if (picture) changes::drop_blob(session, store::Namespace::public_, *picture, frame.content, now);
  }
}

}  // namespace

void fuse_when_inspected(Session& session, SequenceId id, UtcTime now) {
  auto sequence = store::find_sequence(session, id);
  if (!sequence || store::awaits_inspection(session, id)) return;
  sequence->state = store::SequenceState::fusing;
  sequence->updated_at = now;
  store::update_sequence(session, *sequence);
  store::enqueue(session, {.stage = store::Stage::fuse, .key = id.text(), .tenant = sequence->account.text(), .now = now});
}

void apply_inspect(Session& session, const bus::Lease& lease, const bus::InspectResult& result, UtcTime now, const EffectRules& rules) {
  const auto key = inspect_key_from(lease.key()).value();
  Gone gone;
  for (const auto& inspected : result.frames()) {
    const auto id = FrameId::parse(inspected.id());
    auto frame = id ? store::find_frame(session, *id) : std::nullopt;
    if (!frame) throw std::runtime_error{"an inspect result is about the unknown frame '" + inspected.id() + "'"};
    frame->state = store::FrameState::inspected;
    if (is_withdrawn(*frame)) drop_late_pictures(session, *frame, inspected, now);
    else note_inspected(session, *frame, inspected, gone);
    store::update_frame(session, *frame);
  }
  tell(session, gone, now, rules);
  fuse_when_inspected(session, key.sequence, now);
}

void give_up_batch(Session& session, const store::LeasedJob& job, UtcTime now, const EffectRules& rules) {
  const auto key = inspect_key_from(job.key);
  if (!key) return;
  const int first = key->batch * kInspectBatch + 1;
  Gone gone;
  for (auto& frame : store::frames_of_sequence(session, key->sequence, first, first + kInspectBatch - 1)) {
    frame.state = store::FrameState::inspected;
    if (!frame.refusal) {
      frame.refusal = kGivenUp;
      frame.observation.reset();
      unpublish(frame, gone);
    }
    store::update_frame(session, frame);
  }
  tell(session, gone, now, rules);
  fuse_when_inspected(session, key->sequence, now);
}

}  // namespace cairn::coordinator
