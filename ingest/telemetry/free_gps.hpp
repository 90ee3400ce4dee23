#pragma once
// Blocks that begin with "freeGPS ": what cameras with chips of Novatek and their kin put between the pictures.

#include "core/bytes.hpp"

#include <vector>

namespace cairn::ingest {

/// The blocks in the order of recording, each from its "freeGPS " on: those in the table in `moov/gps `, or else those that
/// stand as boxes of their own.
std::vector<ByteView> free_gps_blocks(ByteView movie);

/// When a block was recorded: one stands for each equal part of the video; without a known duration, for each second.
inline double block_time_s(std::size_t index, std::size_t blocks, double duration_s) {
  return duration_s > 0 ? duration_s * static_cast<double>(index) / static_cast<double>(blocks) : static_cast<double>(index);
}

}  // namespace cairn::ingest
