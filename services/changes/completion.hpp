#pragma once
// The end of an upload: its sender said that all is there, or as many files came as were announced, or it fell silent. Inside the
// caller's transaction.

#include "core/id.hpp"
#include "core/time.hpp"
#include "services/store/database.hpp"

namespace cairn::changes {

/// Marks a set as complete. Files that waited for its tracks are decoded now, and so are those that were refused for lack of a
/// time or a place when there was no track yet. When nothing is left to decode, its frames go on to become sequences.
void complete_set(store::Session&, UploadSetId id, UtcTime now);

/// Once all files of a completed set are decoded its frames can be put in order. Does nothing otherwise.
void assemble_when_ready(store::Session&, UploadSetId id, UtcTime now);

}  // namespace cairn::changes
