#pragma once
// The checks on the order, speed and shape of frames that assemble() is made of. All take frames in their final order.

#include "ingest/assemble.hpp"

#include <cstddef>
#include <vector>

namespace cairn::ingest {

/// Frames by reference into the set that is being assembled, which stays where it is.
using FrameRow = std::vector<const ArrivedFrame*>;

/// Takes frames out of a row into a list of refusals.
struct Sieve {
  FrameRow kept;
  std::vector<LeftOut> left_out;
};

/// Leaves out the fewest frames so that time never turns: it may run forwards or backwards, as most frames have it.
Sieve without_time_turns(const FrameRow& row);

/// Leaves out frames that can't be reached from their neighbours at the fastest speed. The longest run of frames that can be
/// is trusted, and the rest is joined to it where the speed allows.
Sieve without_teleports(const FrameRow& row, double fastest_mps);

/// Leaves out frames that show what the kept frame before them shows.
Sieve without_duplicates(const FrameRow& row, double distance_m, double rotation_deg);

/// Rows that end where the next frame is too far away in space or time.
std::vector<FrameRow> split(const FrameRow& row, const AssembleRules& rules);

/// Why a whole row can't be used (zig_zag, or stationary if that is asked for); nothing when it can.
std::optional<Refusal> check_shape(const FrameRow& row, bool refuse_stationary);

}  // namespace cairn::ingest
