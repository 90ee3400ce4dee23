#include "tiler/rollup.hpp"

#include "tests/catch.hpp"
#include "tests/tiler/town.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

using namespace cairn;
using namespace cairn::tiler;
using namespace cairn::tiler::testing;

namespace {

Bytes a_rollup(TileSet set) {
  Random random{cairn::testing::seed_of_run()};
  const auto town = random_town(random, 60);
  const auto tile = tile_of(set == TileSet::coverage ? town.coverage.front().place : town.frames.front().place, base_zoom_of(set));
  return build_base_tile(set, tile, town.items_in(tile)).rollup;
}

}  // namespace

TEST_CASE("a rollup comes back from its bytes, and no other bytes mean the same") {
  for (const auto set : kTileSets) {
    const auto bytes = a_rollup(set);
    REQUIRE_FALSE(bytes.empty());
    REQUIRE(encoded(decoded(bytes)) == bytes);
  }
  REQUIRE(encoded({}).empty());
  REQUIRE(decoded({}).empty());
}

TEST_CASE("a rollup that is cut or lengthened is refused") {
  for (const auto set : kTileSets) {
    auto bytes = a_rollup(set);
    for (std::size_t size = 1; size < bytes.size(); size += 1 + size / 50) REQUIRE_THROWS_AS(decoded(ByteView{bytes}.first(size)), std::runtime_error);
    bytes.push_back(std::byte{0});
    REQUIRE_THROWS_AS(decoded(bytes), std::runtime_error);
  }
}

TEST_CASE("a rollup with changed bytes is refused or is another rollup, never a crash") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  for (const auto set : kTileSets) {
    const auto bytes = a_rollup(set);
    for (int round = 0; round < 2000; ++round) {
      auto changed = bytes;
      for (auto left = random.whole(1, 4); left > 0; --left) {
        changed[static_cast<std::size_t>(random.whole(0, static_cast<std::int64_t>(bytes.size()) - 1))] = static_cast<std::byte>(random.whole(0, 255));
      }
      std::optional<Rollup> rollup;
      try {
        rollup = decoded(changed);
      } catch (const std::runtime_error&) {
      }
      if (rollup) REQUIRE(encoded(*rollup) == changed);
    }
  }
}

TEST_CASE("an empty count of a billion items is refused without asking for memory") {
  const Bytes bytes{std::byte{1}, std::byte{0xff}, std::byte{0xff}, std::byte{0xff}, std::byte{0xff}, std::byte{0x0f}};
  REQUIRE_THROWS_WITH(decoded(bytes), "a tile's rollup is corrupt: a number is too large");
}

TEST_CASE("two in five features survive each zoom out, likely ones one zoom longer") {
  int at_13 = 0;
  int at_12 = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto id = FeatureId::derived_from({"feature", std::to_string(i)});
    at_13 += min_zoom_of(id, 10) <= 13;
    at_12 += min_zoom_of(id, 10) <= 12;
    REQUIRE(min_zoom_of(id, 95) == std::max(min_zoom_of(id, 10) - 1, 0));
  }
  REQUIRE((at_13 > 3'800 && at_13 < 4'200));
  REQUIRE((at_12 > 1'400 && at_12 < 1'800));
}
