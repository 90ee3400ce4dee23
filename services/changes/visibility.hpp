#pragma once
// Who may see a picture: the strictest of what its owner said about it, its sequence and its upload set. All of it inside the
// caller's transaction: what is hidden is gone from every answer with the commit, and its tiles are built again.

#include "core/id.hpp"
#include "core/time.hpp"
#include "services/store/frames.hpp"
#include "services/store/sequences.hpp"

#include <optional>
#include <string>

namespace cairn::changes {

/// "anyone", "logged-only" or "owner-only".
bool is_visibility(const std::string& text);

void set_visibility_of_set(store::Session&, UploadSetId set, const std::string& visibility, UtcTime now);
/// Nothing: as the upload set's.
void set_visibility_of_sequence(store::Session&, store::SequenceRow& sequence, const std::optional<std::string>& visibility, UtcTime now);
/// Nothing: as the sequence's.
void set_visibility_of_frame(store::Session&, const store::FrameRow& frame, const std::optional<std::string>& visibility, UtcTime now);

/// Works out `shown_to` of a set's sequences and frames again, and `published` with it. A frame that was accepted stays published
/// while it is inspected again.
void refresh_shown_to(store::Session&, UploadSetId set);

/// Lets a sequence that was fused be fused again: its line, its sightings and its coverage follow what is visible now.
void fuse_again(store::Session&, SequenceId sequence, UtcTime now);

}  // namespace cairn::changes
