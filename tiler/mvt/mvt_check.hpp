#pragma once

#include "core/bytes.hpp"

#include <string>
#include <vector>

namespace cairn::tiler {

/// Everything in which an uncompressed vector tile departs from the Mapbox Vector Tile specification 2.1, a sentence each;
/// empty when it is valid. Strict: what the usual decoders let pass is named too.
std::vector<std::string> problems_of_mvt(ByteView tile);

}  // namespace cairn::tiler
