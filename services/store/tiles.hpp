#pragma once
// The tiles of the map as they were built last.

#include "core/sha256.hpp"
#include "core/tile_id.hpp"
#include "core/time.hpp"
#include "services/store/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::store {

struct TileRow {
  std::string tileset;
  TileId tile;
  std::optional<Sha256> hash;            ///< of the uncompressed tile; the strong ETag. Nothing: the tile is empty
  std::optional<Sha256> blob;            ///< public; a vector tile is packed with gzip
  std::int64_t size = 0;
  std::optional<Sha256> rollup;          ///< private
  bool stale = false;                    ///< to be built anew, whatever comes of it: see make_tiles_stale
};
std::optional<TileRow> find_tile(Session&, const std::string& tileset, TileId tile);
/// True when anything changed, or the tile was stale, which it is no more.
bool put_tile(Session&, const TileRow&);
/// All non-empty tiles of a set, by zoom, x, y.
std::vector<TileRow> tiles_of(Session&, const std::string& tileset);

/// Every tile is shown as it is until it is built again, and counts as changed then: its parent is built, too.
void make_tiles_stale(Session&);
/// Those of one zoom, empty ones too.
std::vector<TileId> tiles_at(Session&, const std::string& tileset, int zoom);

}  // namespace cairn::store
