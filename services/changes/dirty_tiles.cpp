#include "services/changes/dirty_tiles.hpp"

#include "services/store/jobs.hpp"
#include "tiler/tile_set.hpp"

#include <set>

namespace cairn::changes {

std::string tile_key(std::string_view tileset, TileId tile) { return std::string{tileset} + "/" + tile.text(); }

void mark_tiles_dirty(store::Session& session, const std::vector<LatLon>& places, UtcTime now, const Debounce& debounce) {
  for (const auto set : tiler::kTileSets) {
    const int zoom = tiler::base_zoom_of(set);
    std::set<TileId> tiles;
    for (const auto place : places) tiles.insert(tile_of(place, zoom));
    for (const auto tile : tiles) {
      store::enqueue(session, {.stage = store::Stage::tile, .key = tile_key(tiler::name_of(set), tile), .tenant = "", .now = now, .delay = debounce.at(zoom)});
    }
  }
}

}  // namespace cairn::changes
