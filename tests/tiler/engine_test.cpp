#include "tiler/engine.hpp"

#include "tests/catch.hpp"
#include "tests/tiler/town.hpp"
#include "tiler/rollup.hpp"

#include <algorithm>
#include <utility>

using namespace cairn;
using namespace cairn::tiler;
using namespace cairn::tiler::testing;

namespace {

void require_same(const CellStore& a, const CellStore& b) {
  REQUIRE(a.tiles() == b.tiles());
  for (const auto tile : a.tiles()) {
    CAPTURE(tile.text());
    REQUIRE(a.hash_of(tile) == b.hash_of(tile));
    REQUIRE(std::ranges::equal(a.rollup_of(tile), b.rollup_of(tile)));
  }
}

CellStore built_at_once(TileSet set, const Town& town) {
  CellStore store{set};
  store.rebuild(town.base_tiles(set), [&](TileId tile) { return town.items_in(tile); });
  return store;
}

/// Replaces, removes or adds one thing of a list and returns the base tiles that this touches: those of the thing that went and
/// of the thing that came, no others.
template <class Item, class Touched, class Make>
std::vector<TileId> edit(std::vector<Item>& items, Random& random, Touched touched, Make make) {
  std::vector<TileId> dirty;
  const auto kind = random.whole(0, 2);
  if (kind != 0 && !items.empty()) {
    const auto which = items.begin() + random.whole(0, static_cast<std::int64_t>(items.size()) - 1);
    dirty = touched(*which);
    items.erase(which);
  }
  if (kind != 2) {
    auto made = make(random);
    const auto more = touched(made);
    dirty.insert(dirty.end(), more.begin(), more.end());
    // Anywhere: the order must not matter.
    items.insert(items.begin() + random.whole(0, static_cast<std::int64_t>(items.size())), std::move(made));
  }
  return dirty;
}

std::vector<TileId> random_edit(Town& town, TileSet set, Random& random) {
  const auto by_place = [set](const auto& item) { return std::vector{base_tile_touched(set, item.place)}; };
  switch (random.whole(0, 3)) {
    case 0: return edit(town.frames, random, by_place, random_frame);
    case 1: return edit(town.features, random, by_place, random_feature);
    case 2: return edit(town.coverage, random, by_place, random_coverage);
    default:
      return edit(town.sequences, random, [set](const WholeSequence& s) { return base_tiles_touched(set, s.line); },
                  [](Random& r) { return random_sequence(r, static_cast<int>(r.whole(1, 60))); });
  }
}

}  // namespace

TEST_CASE("rebuilding what an edit touches gives the same bytes as building everything") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  for (const auto set : kTileSets) {
    Random random{seed};
    auto town = random_town(random, 40);
    auto store = built_at_once(set, town);
    for (int step = 0; step < 60; ++step) {
      CAPTURE(step);
      const auto dirty = random_edit(town, set, random);
      store.rebuild(dirty, [&](TileId tile) { return town.items_in(tile); });
      if (step % 10 == 9) require_same(store, built_at_once(set, town));
    }
  }
}

TEST_CASE("an edited feature tells of its own tiles only, an edit that changes nothing tells of none") {
  Random random{cairn::testing::seed_of_run()};
  auto town = random_town(random, 30);
  auto store = built_at_once(TileSet::map, town);
  const auto items_of = [&](TileId tile) { return town.items_in(tile); };
  REQUIRE(store.rebuild(town.base_tiles(TileSet::map), items_of).empty());

  town.features.front().views += 1;
  const auto touched = base_tile_touched(TileSet::map, town.features.front().place);
  const auto changes = store.rebuild({touched}, items_of);
  REQUIRE_FALSE(changes.empty());
  REQUIRE(changes.front().tile == touched);
  const auto above = ancestors_of({touched});
  for (const auto& change : changes) REQUIRE((change.tile == touched || std::ranges::find(above, change.tile) != above.end()));
}

TEST_CASE("when all things are gone, so are all tiles") {
  Random random{cairn::testing::seed_of_run()};
  for (const auto set : kTileSets) {
    const auto town = random_town(random, 20);
    auto store = built_at_once(set, town);
    const auto changes = store.rebuild(town.base_tiles(set), [](TileId) { return BaseItems{}; });
    REQUIRE(store.tiles().empty());
    REQUIRE(std::ranges::all_of(changes, [](const TileChange& change) { return change.bytes.empty(); }));
    REQUIRE(changes.back().tile == TileId{});
  }
}

TEST_CASE("every tile of a town is a valid one of its format") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  for (const auto set : kTileSets) {
    const auto town = random_town(random, 150);
    CellStore store{set};
    const auto changes = store.rebuild(town.base_tiles(set), [&](TileId tile) { return town.items_in(tile); });
    REQUIRE(changes.size() > 20);
    for (const auto& change : changes) {
      CAPTURE(change.tile.text());
      REQUIRE(problems_of_tile(set, change.bytes) == std::vector<std::string>{});
    }
  }
}

TEST_CASE("a tile below base zoom shows no more than its best features, the same whatever came first") {
  Random random{cairn::testing::seed_of_run()};
  Town town;
  for (int i = 0; i < 24'000; ++i) {
    town.features.push_back(random_feature(random));
    town.features.back().place = *LatLon::from_degrees(50.001 + random.between(0, 0.01), 8.001 + random.between(0, 0.01));
    town.features.back().existence = 0.9;
  }
  const auto everything = town.features;
  const auto items_of = [&](TileId tile) { return town.items_in(tile); };
  CellStore store{TileSet::map};
  town.features.resize(9000);
  store.rebuild(town.base_tiles(TileSet::map), items_of);
  town.features = everything;
  std::size_t most = 0;
  for (const auto& change : store.rebuild(town.base_tiles(TileSet::map), items_of)) {
    if (change.tile.zoom() < 14) most = std::max(most, read_tile(change.bytes).at("features").size());
  }
  REQUIRE(most == kMostFeatures);
  require_same(store, built_at_once(TileSet::map, town));
}

TEST_CASE("a line touches the tiles that it crosses, also without a vertex there, and those within a buffer of it") {
  // A stretch over the corner of four tiles: one has no vertex but is crossed.
  const auto at = [](double x, double y) {
    return place_of({static_cast<std::uint32_t>((8800 + x) * (1 << 18)), static_cast<std::uint32_t>((5100 + y) * (1 << 18))});
  };
  const std::vector<LineVertex> line{{0, at(0.5, 0.5), 0}, {1, at(1.4, 1.7), 0}};
  const auto tiles = base_tiles_touched(TileSet::map, line);
  REQUIRE(tiles == std::vector{*TileId::from_zxy(14, 8800, 5100), *TileId::from_zxy(14, 8800, 5101), *TileId::from_zxy(14, 8801, 5101)});
  REQUIRE(line_in_tile(line, tiles[1]).size() == 2);
  REQUIRE(line_in_tile(line, *TileId::from_zxy(14, 8801, 5100)).empty());

  const std::vector<LineVertex> near_edge{{0, at(0.5, 0.5), 0}, {1, at(0.99, 0.5), 0}};
  REQUIRE(base_tiles_touched(TileSet::map, near_edge).size() == 2);
}

TEST_CASE("a stretch from one end of the world to the other touches the tiles along it, not all between") {
  const std::vector<LineVertex> line{{0, *LatLon::from_degrees(70, -80), 0}, {1, *LatLon::from_degrees(-60, 80), 0}};
  const auto tiles = base_tiles_touched(TileSet::map, line);
  REQUIRE(tiles.size() > 8'000);
  REQUIRE(tiles.size() < 40'000);
}

TEST_CASE("a line over the antimeridian shows on both sides of the map") {
  const std::vector<LineVertex> line{{0, *LatLon::from_degrees(10, 179.999), 0}, {1, *LatLon::from_degrees(10, -179.999), 0}};
  const auto tiles = base_tiles_touched(TileSet::map, line);
  REQUIRE(tiles.size() == 2);
  REQUIRE(tiles.front().x() == 0);
  REQUIRE(tiles.back().x() == 16383);
  for (const auto tile : tiles) {
    BaseItems items;
    items.sequences.emplace_back();
    items.sequences.back().vertices = line_in_tile(line, tile);
    const auto drawn = read_tile(build_base_tile(TileSet::map, tile, items).bytes).at("sequences");
    REQUIRE(drawn.size() == 1);
    REQUIRE(drawn[0].positions.size() == 2);
  }
}

TEST_CASE("ancestors come nearest first and end with the world") {
  const auto above = ancestors_of({*TileId::from_zxy(2, 3, 3), *TileId::from_zxy(2, 2, 3), *TileId::from_zxy(2, 0, 0)});
  REQUIRE(above == std::vector{*TileId::from_zxy(1, 0, 0), *TileId::from_zxy(1, 1, 1), TileId{}});
}
