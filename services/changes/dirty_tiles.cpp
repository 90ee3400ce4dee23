#include "services/changes/dirty_tiles.hpp"

#include "services/store/jobs.hpp"
#include "services/store/map.hpp"
#include "services/store/tiles.hpp"

#include <algorithm>
#include <set>

namespace cairn::changes {

namespace {

std::set<TileId> base_tiles_of(tiler::TileSet set, const std::vector<LatLon>& places) {
  std::set<TileId> tiles;
  for (const auto place : places) tiles.insert(tile_of(place, tiler::base_zoom_of(set)));
  return tiles;
}

void enqueue_tiles(store::Session& session, tiler::TileSet set, const std::set<TileId>& tiles, UtcTime now, const Debounce& debounce) {
  const auto delay = debounce.at(tiler::base_zoom_of(set));
  for (const auto tile : tiles) store::enqueue(session, {.stage = store::Stage::tile, .key = tile_key(tiler::name_of(set), tile), .tenant = "", .now = now, .delay = delay});
}

}  // namespace

Debounce Debounce::from_step(std::chrono::milliseconds step) {
  using namespace std::chrono_literals;
  Debounce debounce;
  debounce.from_14 = std::min<std::chrono::milliseconds>(step, 2s);
  debounce.from_10 = std::min<std::chrono::milliseconds>(5 * step, (5s - 2 * debounce.from_14) / 4);   // panoramax begins at zoom 15
  debounce.from_6 = std::min<std::chrono::milliseconds>(10 * step, (30s - 5s) / 4);
  debounce.below = std::min<std::chrono::milliseconds>(20 * step, (300s - 30s) / 6);
  return debounce;
}

std::string tile_key(std::string_view tileset, TileId tile) { return std::string{tileset} + "/" + tile.text(); }

void mark_tiles_dirty(store::Session& session, std::span<const tiler::TileSet> sets, const std::vector<LatLon>& places, UtcTime now, const Debounce& debounce) {
  for (const auto set : sets) enqueue_tiles(session, set, base_tiles_of(set, places), now, debounce);
}

std::size_t mark_all_tiles_dirty(store::Session& session, UtcTime now) {
  store::make_tiles_stale(session);
  const auto places = store::all_places(session);
  std::size_t all = 0;
  for (const auto set : tiler::kTileSets) {
    auto tiles = base_tiles_of(set, places);
    // What shows where nothing is any more goes.
    for (const auto tile : store::tiles_at(session, std::string{tiler::name_of(set)}, tiler::base_zoom_of(set))) tiles.insert(tile);
    enqueue_tiles(session, set, tiles, now, {});
    all += tiles.size();
  }
  return all;
}

}  // namespace cairn::changes
