#include "tiler/archive/hilbert.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"

using namespace cairn;
using namespace cairn::tiler;

namespace {

HilbertId id_at(int zoom, int x, int y) { return hilbert_id_of(*TileId::from_zxy(zoom, x, y)); }

}  // namespace

TEST_CASE("tile ids are those of the PMTiles specification") {
  // Section 4.1 of the specification, version 3, and its example tile.
  REQUIRE(id_at(0, 0, 0) == 0);
  REQUIRE(id_at(1, 0, 0) == 1);
  REQUIRE(id_at(1, 0, 1) == 2);
  REQUIRE(id_at(1, 1, 1) == 3);
  REQUIRE(id_at(1, 1, 0) == 4);
  REQUIRE(id_at(2, 0, 0) == 5);
  REQUIRE(id_at(12, 3423, 1763) == 19078479);
}

TEST_CASE("a tile id leads back to its tile") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  cairn::testing::Random random{seed};
  for (int i = 0; i < 2000; ++i) {
    const auto tile = tile_of(random.place(), static_cast<int>(random.whole(0, TileId::kMaxZoom)));
    REQUIRE(tile_of_hilbert_id(hilbert_id_of(tile)) == tile);
  }
}

TEST_CASE("neighbours on the curve are neighbours on the map, and children follow each other at four times the place") {
  for (HilbertId id = first_hilbert_id_of(5); id + 1 < first_hilbert_id_of(6); ++id) {
    const auto a = tile_of_hilbert_id(id);
    const auto b = tile_of_hilbert_id(id + 1);
    const auto apart = std::abs(static_cast<int>(a.x()) - static_cast<int>(b.x())) + std::abs(static_cast<int>(a.y()) - static_cast<int>(b.y()));
    REQUIRE(apart == 1);
    const auto first_child = first_hilbert_id_of(6) + 4 * (id - first_hilbert_id_of(5));
    for (const auto child : a.children()) {
      REQUIRE(hilbert_id_of(child) >= first_child);
      REQUIRE(hilbert_id_of(child) < first_child + 4);
    }
  }
}

TEST_CASE("an id beyond the deepest zoom is refused") {
  REQUIRE_THROWS_AS(tile_of_hilbert_id(first_hilbert_id_of(TileId::kMaxZoom + 1)), std::runtime_error);
}
