#pragma once
// What the tiles of each set show: layers and attributes, as docs/tiles.md lists them.

#include "tiler/mvt/mvt_writer.hpp"
#include "tiler/rollup.hpp"

#include <string_view>

namespace cairn::tiler {

/// What shows in one tile. `items` only at base zoom, where frames and road cells show one by one.
struct TileContent {
  TileId tile;
  const Rollup& rollup;
  const BaseItems* items = nullptr;
};

/// All parts of a sequence that show in a tile.
std::vector<TilePath> paths_in_tile(const SequenceLine& line, TileId tile);
/// "flat" or "equirectangular", the words of Panoramax.
std::string_view name_of(Projection projection);

Bytes map_tile(const TileContent& content);
Bytes panoramax_tile(const TileContent& content);

}  // namespace cairn::tiler
