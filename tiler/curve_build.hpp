#pragma once
// A whole tile set from base tiles that come along the Morton curve: what CellStore builds, keeping only what is on its way up.

#include "tiler/tile_set.hpp"

#include <functional>
#include <vector>

namespace cairn::tiler {

/// Holds four rollups for each zoom at most, however large the map is.
class CurveBuild {
 public:
  /// Gets every tile that shows something: children before their parent.
  using TakeTile = std::function<void(TileId, Bytes tile)>;
  CurveBuild(TileSet set, TakeTile take_tile);

  /// The next base tile: one whose Morton range lies behind those before.
  void add(TileId tile, const BaseItems& items);
  /// No more will come.
  void finish();

 private:
  struct Parent {
    TileId tile;
    std::array<Bytes, 4> rollups;
    bool waits = false;  ///< for more children
  };
  void take(TileId tile, BuiltTile built);
  void close(int zoom);

  TileSet set_;
  TakeTile take_tile_;
  std::vector<Parent> parents_;  ///< by zoom
};

}  // namespace cairn::tiler
