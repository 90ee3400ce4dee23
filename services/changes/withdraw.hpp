#pragma once
// What an owner takes away. All of it inside the caller's transaction: it is gone from every answer with the commit, its tiles
// are built again without it, and its bytes follow after a grace (dropped_blobs.hpp). Frames keep their rows, refused with
// Reason::withdrawn: what an epoch paid for stays paid, and the same picture sent again is not paid twice.

#include "core/id.hpp"
#include "core/time.hpp"
#include "services/store/frames.hpp"
#include "services/store/sequences.hpp"

namespace cairn::changes {

void withdraw_frame(store::Session&, const store::FrameRow& frame, UtcTime now);
void withdraw_sequence(store::Session&, const store::SequenceRow& sequence, UtcTime now);
/// With everything in it, decoded or not.
void withdraw_set(store::Session&, UploadSetId set, UtcTime now);

}  // namespace cairn::changes
