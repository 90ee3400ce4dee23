#pragma once

#include "services/store/frames.hpp"
#include "services/store/sequences.hpp"

#include <vector>

namespace cairn::changes {

/// Writes what a sequence tells of its frames, given all of them in order: number, box and length (in metres) of the accepted ones
/// that are shown to as many people as the sequence. Hidden ones show in none of them.
void measure(store::SequenceRow& sequence, const std::vector<store::FrameRow>& frames);

}  // namespace cairn::changes
