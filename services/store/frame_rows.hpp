#pragma once
// Rows of frames as values. Included by store/*.cpp only.

#include "services/store/frames.hpp"
#include "services/store/rows.hpp"

namespace cairn::store {

/// A row of "select * from frames".
FrameRow frame_from(const soci::row& row);

}  // namespace cairn::store
