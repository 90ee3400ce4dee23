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
  std::optional<Sha256> blob;            ///< gzip, public
  std::int64_t size = 0;
  std::optional<Sha256> rollup;          ///< private
};
std::optional<TileRow> find_tile(Session&, const std::string& tileset, TileId tile);
/// True when anything changed.
bool put_tile(Session&, const TileRow&);
/// All non-empty tiles of a set, by zoom, x, y.
std::vector<TileRow> tiles_of(Session&, const std::string& tileset);

/// Takes every tile away, which is an event; what is built afterwards counts as changed.
void forget_tiles(Session&, UtcTime now);

}  // namespace cairn::store
