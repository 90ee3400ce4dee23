#include "services/store/tiles.hpp"

#include "services/store/events.hpp"
#include "services/store/rows.hpp"

namespace cairn::store {
namespace {

using soci::use;

TileRow tile_from(const soci::row& row) {
  return {text_of_row(row, "tileset"),
          *TileId::from_zxy(int_of(row, "zoom"), int_of(row, "x"), int_of(row, "y")),
          maybe_digest(row, "hash"),
          maybe_digest(row, "blob"),
          int_of(row, "size"),
          maybe_digest(row, "rollup"),
          int_of(row, "stale") != 0};
}

std::string hex_or_empty(const std::optional<Sha256>& digest) { return digest ? digest->hex() : std::string{}; }

}  // namespace

std::optional<TileRow> find_tile(Session& session, const std::string& tileset, TileId tile) {
  const int zoom = tile.zoom();
  const long long x = tile.x();
  const long long y = tile.y();
  return first_from((session.sql().prepare << "select * from tiles where tileset = :set and zoom = :zoom and x = :x and y = :y",
                     use(tileset, "set"), use(zoom, "zoom"), use(x, "x"), use(y, "y")),
                    tile_from);
}

bool put_tile(Session& session, const TileRow& row) {
  const auto before = find_tile(session, row.tileset, row.tile);
  if (before ? !before->stale && before->hash == row.hash && before->rollup == row.rollup : !row.hash && !row.rollup) return false;
  const int zoom = row.tile.zoom();
  const long long x = row.tile.x();
  const long long y = row.tile.y();
  const auto hash = hex_or_empty(row.hash);
  const auto blob = hex_or_empty(row.blob);
  const auto rollup = hex_or_empty(row.rollup);
  const long long size = row.size;
  session.sql() << "insert into tiles(tileset, zoom, x, y, hash, blob, size, rollup) values (:set, :zoom, :x, :y, :hash, :blob, :size, :rollup) "
                   "on conflict (tileset, zoom, x, y) do update set hash = excluded.hash, blob = excluded.blob, size = excluded.size, "
                   "rollup = excluded.rollup, stale = 0",
      use(row.tileset, "set"), use(zoom, "zoom"), use(x, "x"), use(y, "y"), use(hash, "hash"), use(blob, "blob"), use(size, "size"),
      use(rollup, "rollup");
  return true;
}

std::vector<TileRow> tiles_of(Session& session, const std::string& tileset) {
  return all_from((session.sql().prepare << "select * from tiles where tileset = :set and hash <> '' order by zoom, x, y", use(tileset, "set")), tile_from);
}

void make_tiles_stale(Session& session) { session.sql() << "update tiles set stale = 1"; }

std::vector<TileId> tiles_at(Session& session, const std::string& tileset, int zoom) {
  return all_from((session.sql().prepare << "select x, y from tiles where tileset = :set and zoom = :zoom order by x, y", use(tileset, "set"), use(zoom, "zoom")),
                  [&](const auto& row) { return *TileId::from_zxy(zoom, int_of(row, "x"), int_of(row, "y")); });
}

}  // namespace cairn::store
