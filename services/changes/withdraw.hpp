#pragma once
// What an owner takes away, or a private area. All of it inside the caller's transaction: it is gone from every answer with the
// commit, its tiles are built again without it, and its bytes follow after a grace (dropped_blobs.hpp). Frames keep their rows,
// refused with a reason that is_taken_away: what an epoch paid for stays paid, and the same picture sent again is not paid twice.

#include "core/id.hpp"
#include "core/reason.hpp"
#include "core/time.hpp"
#include "services/store/frames.hpp"
#include "services/store/sequences.hpp"

#include <vector>

namespace cairn::changes {

/// Takes frames away for a reason that is_taken_away; those that are away already keep theirs. Their sequences are measured
/// without them and fused again. A video goes when one of its frames does: it shows the same place.
void take_away(store::Session&, std::vector<store::FrameRow> frames, Reason reason, UtcTime now);

void withdraw_frame(store::Session&, const store::FrameRow& frame, UtcTime now);
void withdraw_sequence(store::Session&, const store::SequenceRow& sequence, UtcTime now);
/// With everything in it, decoded or not.
void withdraw_set(store::Session&, UploadSetId set, UtcTime now);

}  // namespace cairn::changes
