#pragma once

#include "core/bytes.hpp"

namespace cairn::fuzz {

/// PMTiles archives: opened, described, and every tile of zooms 0 to 3 read.
void pmtiles(ByteView bytes);

}  // namespace cairn::fuzz
