#include "tiler/curve_build.hpp"

#include <cassert>
#include <utility>

namespace cairn::tiler {

CurveBuild::CurveBuild(TileSet set, TakeTile take_tile)
    : set_{set}, take_tile_{std::move(take_tile)}, parents_(static_cast<std::size_t>(base_zoom_of(set))) {}

void CurveBuild::add(TileId tile, const BaseItems& items) {
  assert(tile.zoom() == base_zoom_of(set_));
  auto above = tile;
  for (int zoom = tile.zoom() - 1; zoom >= 0; --zoom) {
    above = above.parent();
    if (parents_[static_cast<std::size_t>(zoom)].tile != above) close(zoom);
  }
  take(tile, build_base_tile(set_, tile, items));
}

void CurveBuild::finish() {
  for (int zoom = base_zoom_of(set_) - 1; zoom >= 0; --zoom) close(zoom);
}

/// All of a tile's children have come.
void CurveBuild::close(int zoom) {
  auto& parent = parents_[static_cast<std::size_t>(zoom)];
  if (!std::exchange(parent.waits, false)) return;
  const auto rollups = std::exchange(parent.rollups, {});
  take(parent.tile, build_parent_tile(set_, parent.tile, {rollups[0], rollups[1], rollups[2], rollups[3]}));
}

void CurveBuild::take(TileId tile, BuiltTile built) {
  if (!built.bytes.empty()) take_tile_(tile, std::move(built.bytes));
  if (built.rollup.empty()) return;
  auto& parent = parents_[static_cast<std::size_t>(tile.zoom() - 1)];  // the world hands nothing up
  parent.tile = tile.parent();
  parent.waits = true;
  parent.rollups[(tile.y() & 1) * 2 + (tile.x() & 1)] = std::move(built.rollup);
}

}  // namespace cairn::tiler
