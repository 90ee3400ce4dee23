#pragma once

#include "core/bytes.hpp"
#include "core/tile_id.hpp"

#include <string_view>
#include <vector>

namespace cairn::tiler {

/// An uncompressed vector tile that we built.
struct TilePart {
  TileId tile;
  Bytes mvt;
};

/// A vector tile of those features of its parts whose text attribute `key` is `value`. A part is the tile itself, or a tile
/// within it: of those the lines are taken, in fewer steps, because a tile that shows many things at once tells them apart no
/// longer. Nothing when there are none. Throws protozero's exceptions when a part is damaged.
Bytes picked_features(const std::vector<TilePart>& parts, TileId into, std::string_view key, std::string_view value);

}  // namespace cairn::tiler
