#include "core/tile_id.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"

#include <algorithm>

using namespace cairn;

TEST_CASE("a known place lies in its known tile") {
  // The slippy-map formula with log(tan + sec) instead of asinh, evaluated by Python.
  REQUIRE(tile_of(*LatLon::from_degrees(55.698167, 13.195389), 14).text() == "14/8792/5126");
}

TEST_CASE("a tile outside its zoom's square is no tile") {
  REQUIRE(TileId::from_zxy(14, 16383, 16383));
  REQUIRE_FALSE(TileId::from_zxy(14, 16384, 0));
  REQUIRE_FALSE(TileId::from_zxy(14, 0, -1));
  REQUIRE_FALSE(TileId::from_zxy(-1, 0, 0));
  REQUIRE_FALSE(TileId::from_zxy(31, 0, 0));
}

TEST_CASE("a parent holds its children, on the map and on the Morton curve") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  testing::Random random{seed};
  for (int i = 0; i < 500; ++i) {
    const auto place = random.place();
    const auto tile = tile_of(place, static_cast<int>(random.whole(1, 25)));
    REQUIRE(tile_of(place, tile.zoom() - 1) == tile.parent());
    const auto range = morton_range_of(tile);
    REQUIRE(range.first <= morton_of(place));
    REQUIRE(morton_of(place) < range.end);
    auto expected = range.first;
    for (const auto child : tile.children()) {
      REQUIRE(child.parent() == tile);
      REQUIRE(morton_range_of(child).first == expected);
      expected = morton_range_of(child).end;
    }
    REQUIRE(expected == range.end);
  }
}

TEST_CASE("a world point and its place lead to each other within a centimetre") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  testing::Random random{seed};
  for (int i = 0; i < 500; ++i) {
    const auto place = random.place();
    REQUIRE(ground_distance_m(place, place_of(world_point_of(place))) < 0.02);
  }
}

TEST_CASE("a point near a corner shows in four tiles, one in the middle in one") {
  const WorldPoint corner{8792u << 18, 5126u << 18};
  REQUIRE(tiles_around(corner, 14, 64.0 / 4096).size() == 4);
  REQUIRE(tiles_around({corner.x + (1u << 17), corner.y + (1u << 17)}, 14, 64.0 / 4096).size() == 1);
  REQUIRE(tiles_around({0, 0}, 14, 64.0 / 4096).size() == 1);
}
