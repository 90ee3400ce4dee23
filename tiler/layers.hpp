#pragma once
// What the tiles of each set show: layers and attributes, as docs/tiles.md lists them.

#include "tiler/mvt/mvt_writer.hpp"
#include "tiler/png.hpp"
#include "tiler/rollup.hpp"

#include <string_view>
#include <vector>

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
/// Drawn from the rollup alone, at base zoom too.
Bytes coverage_tile(const TileContent& content);

/// What was last seen on this day or later, and before the next entry's, has this colour. The first stands for all before, too.
struct LegendEntry {
  Rgb colour;
  std::int32_t first_day = 0;
};
std::vector<LegendEntry> coverage_legend();

}  // namespace cairn::tiler
