#include "tiler/mvt/line_run.hpp"

#include "tests/catch.hpp"
#include "tests/tiler/town.hpp"
#include "tiler/mvt/line_clip.hpp"

#include <algorithm>

using namespace cairn;
using namespace cairn::tiler;

namespace {

Run run_of(std::initializer_list<int> ordinals) {
  Run run;
  for (const int ordinal : ordinals) run.push_back({ordinal, {static_cast<std::uint32_t>(ordinal) * 1000, 5}, 3});
  return run;
}

constexpr std::uint32_t kUnit = 64;  // of WorldPoint at zoom 14

/// A run of straight stretches between positions in units of tile 14/100/100.
Run drawn(std::initializer_list<std::pair<int, int>> positions) {
  Run run;
  for (const auto& [x, y] : positions) {
    const auto at = [](int units) { return static_cast<std::uint32_t>((100 * kExtent + units) * static_cast<int>(kUnit)); };
    run.push_back({static_cast<int>(run.size()), {at(x), at(y)}, 0});
  }
  return run;
}

const TileId kTile = *TileId::from_zxy(14, 100, 100);

}  // namespace

TEST_CASE("runs join where they overlap or follow each other, in any order") {
  const std::vector<Run> pieces{run_of({7, 8}), run_of({1, 2, 3}), run_of({2, 3, 4}), run_of({12}), run_of({9, 10})};
  const std::vector<Run> expected{run_of({1, 2, 3, 4}), run_of({7, 8, 9, 10}), run_of({12})};
  auto order = pieces;
  std::ranges::sort(order);
  do {
    REQUIRE(joined(order) == expected);
  } while (std::ranges::next_permutation(order).found);
  REQUIRE(joined({run_of({1, 9}), run_of({3, 4})}) == std::vector<Run>{run_of({1, 3, 4, 9})});
}

TEST_CASE("thinning keeps both ends and what shows") {
  auto run = run_of({1, 2, 3, 4});
  run[2].min_zoom = 9;
  run[3].min_zoom = 14;
  thin_to_zoom(run, 8);
  REQUIRE(run.size() == 3);
  REQUIRE(run.back().ordinal == 4);
  thin_to_zoom(run, 0);
  REQUIRE(run.size() == 2);
}

TEST_CASE("vertices split into runs where ordinals have a gap") {
  REQUIRE(runs_of({{5, {}, 0}, {1, {}, 0}, {2, {}, 0}, {2, {}, 0}}).size() == 2);
}

TEST_CASE("a line is cut at the buffer, and once for every time that it comes in") {
  const auto paths = clipped_to_tile(drawn({{100, 100}, {5000, 100}, {5000, 200}, {-500, 200}}), kTile);
  REQUIRE(paths == std::vector<TilePath>{{{100, 100}, {4160, 100}}, {{4160, 200}, {-64, 200}}});
}

TEST_CASE("a line that only passes through shows, one that passes by doesn't") {
  REQUIRE(clipped_to_tile(drawn({{-1000, 50}, {9000, 50}}), kTile) == std::vector<TilePath>{{{-64, 50}, {4160, 50}}});
  REQUIRE(clipped_to_tile(drawn({{-1000, -1000}, {9000, -1000}}), kTile).empty());
  REQUIRE(clipped_to_tile(drawn({{-3000, 500}, {500, -3000}}), kTile).empty());
}

TEST_CASE("a line never has two equal neighbours or no length, whatever it does") {
  REQUIRE(clipped_to_tile(drawn({{5, 5}, {5, 5}, {5, 5}}), kTile).empty());
  REQUIRE(clipped_to_tile(drawn({{5, 5}, {5, 5}, {6, 5}, {6, 5}}), kTile) == std::vector<TilePath>{{{5, 5}, {6, 5}}});
  REQUIRE(clipped_to_tile(drawn({{4160, 10}, {9000, 10}}), kTile).empty());

  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  tiler::testing::Random random{seed};
  for (int round = 0; round < 300; ++round) {
    Run run;
    for (int i = 0; i < 30; ++i) {
      const auto somewhere = [&] { return static_cast<std::uint32_t>(random.whole(95 * kExtent, 106 * kExtent)) * kUnit; };
      run.push_back({i, {somewhere(), somewhere()}, 0});
    }
    for (const auto& path : clipped_to_tile(run, kTile)) {
      REQUIRE(path.size() >= 2);
      REQUIRE(std::ranges::adjacent_find(path) == path.end());
      for (const auto point : path) REQUIRE((std::min(point.x, point.y) >= -64 && std::max(point.x, point.y) <= 4160));
    }
  }
}

TEST_CASE("a speck lies in its tile with both ends and is small, a line that leaves the tile is none") {
  REQUIRE(is_speck(drawn({{5, 5}, {6, 6}}), kTile, 4));
  REQUIRE_FALSE(is_speck(drawn({{5, 5}, {9, 6}}), kTile, 4));
  REQUIRE_FALSE(is_speck(drawn({{4095, 5}, {4097, 6}}), kTile, 4));
}
