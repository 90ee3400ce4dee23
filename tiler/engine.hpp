#pragma once
// From changed base tiles up to the world: which tiles to build, and a store in memory that builds them.

#include "core/sha256.hpp"
#include "tiler/tile_set.hpp"

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace cairn::tiler {

/// The distinct parents of tiles, in the order of TileId; nothing for the world.
std::vector<TileId> parents_of(const std::vector<TileId>& tiles);
/// All distinct tiles above, from the nearest parents to the world: what can change when these do.
std::vector<TileId> ancestors_of(const std::vector<TileId>& tiles);

/// The base tile of one thing that shows as a point.
TileId base_tile_touched(TileSet set, LatLon place);
/// The distinct base tiles in which items show. A line shows in every tile that it, or the buffer of the tile, touches.
/// When an item moves, both its old and its new tiles are dirty.
std::vector<TileId> base_tiles_touched(TileSet set, const std::vector<FrameItem>& frames);
std::vector<TileId> base_tiles_touched(TileSet set, const std::vector<Feature>& features);
std::vector<TileId> base_tiles_touched(TileSet set, const std::vector<CoverageItem>& coverage);
std::vector<TileId> base_tiles_touched(TileSet set, const std::vector<LineVertex>& line);

/// The piece of a whole line that a base tile needs: both ends of every stretch that touches the tile or its buffer.
/// Ordinals must rise by one from vertex to vertex. Empty when nothing touches.
std::vector<LineVertex> line_in_tile(const std::vector<LineVertex>& line, TileId tile);

/// A tile whose bytes are new, or that is gone: then there are none.
struct TileChange {
  TileId tile;
  Bytes bytes;
};

/// Rollups and tile hashes of one tile set, in memory.
class CellStore {
 public:
  explicit CellStore(TileSet set) : set_{set} {}

  /// Gives the items that lie in a base tile now.
  using ItemsOf = std::function<BaseItems(TileId)>;

  /// Builds the dirty base tiles and whatever above them can have changed, and tells which tiles have: base tiles first, each
  /// zoom in the order of TileId. A tile that comes out the same isn't told, and one whose rollup comes out the same doesn't
  /// reach its parent. The result of any number of calls equals that of one call with all base tiles.
  std::vector<TileChange> rebuild(std::vector<TileId> dirty_base_tiles, const ItemsOf& items_of);
  /// The same, handing each change on at once: for builds whose tiles don't fit in memory.
  using TakeChange = std::function<void(TileChange)>;
  void rebuild(std::vector<TileId> dirty_base_tiles, const ItemsOf& items_of, const TakeChange& take_change);

  /// SHA-256 of a tile's uncompressed bytes; nothing when there is no such tile.
  std::optional<Sha256> hash_of(TileId tile) const;
  ByteView rollup_of(TileId tile) const;
  /// Every tile that shows something, in the order of TileId.
  std::vector<TileId> tiles() const;

 private:
  struct Kept {
    Bytes rollup;
    std::optional<Sha256> hash;
  };
  /// Takes a tile in; true when its rollup changed.
  bool keep(TileId tile, BuiltTile built, const TakeChange& take_change);
  BuiltTile parent_of_kept(TileId tile) const;

  TileSet set_;
  std::map<TileId, Kept> cells_;
};

}  // namespace cairn::tiler
