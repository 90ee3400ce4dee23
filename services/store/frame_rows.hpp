#pragma once
// Rows of frames as values. Included by store/*.cpp only.

#include "services/store/frames.hpp"
#include "services/store/rows.hpp"

namespace cairn::store {

/// Rows of "select * from frames".
std::vector<FrameRow> frames_from(soci::rowset<soci::row>& rows);

}  // namespace cairn::store
