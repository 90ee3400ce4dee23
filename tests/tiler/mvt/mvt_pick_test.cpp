#include "tiler/mvt/mvt_pick.hpp"

#include "tests/catch.hpp"
#include "tiler/mvt/mvt_check.hpp"
#include "tiler/mvt/mvt_writer.hpp"

#include <protozero/exception.hpp>

using namespace cairn;
using namespace cairn::tiler;

namespace {

/// A line of each owner, beside a point of the first one.
Bytes tile_of_two(const TilePath& of_a, const TilePath& of_b) {
  MvtLayer lines{"sequences"}, points{"pictures"};
  for (const auto& [owner, path] : {std::pair{"a", of_a}, std::pair{"b", of_b}}) {
    lines.text("account_id", owner);
    lines.whole("h_pixel_density", 7);
    lines.real("gps_accuracy", 1.5);
    lines.add_lines({path});
  }
  points.text("account_id", "a");
  points.add_point({5, 6});
  Bytes tile;
  lines.append_to(tile);
  points.append_to(tile);
  return tile;
}

Bytes line_of(std::string_view owner, const TilePath& path) {
  MvtLayer lines{"sequences"};
  lines.text("account_id", owner);
  lines.whole("h_pixel_density", 7);
  lines.real("gps_accuracy", 1.5);
  lines.add_lines({path});
  Bytes tile;
  lines.append_to(tile);
  return tile;
}

const auto kBelow = *TileId::from_zxy(7, 65, 40);

}  // namespace

TEST_CASE("of a tile the features of one owner are picked, with all their attributes and nothing of others") {
  const auto both = tile_of_two({{0, 0}, {10, 20}, {-30, 40}}, {{1, 1}, {2, 2}});
  const auto of_b = picked_features({{kBelow, both}}, kBelow, "account_id", "b");
  REQUIRE(of_b == line_of("b", {{1, 1}, {2, 2}}));
  const auto of_a = picked_features({{kBelow, both}}, kBelow, "account_id", "a");
  REQUIRE(problems_of_mvt(of_a).empty());
  REQUIRE(of_a.size() > line_of("a", {{0, 0}, {10, 20}, {-30, 40}}).size());
  REQUIRE(picked_features({{kBelow, both}}, kBelow, "account_id", "c").empty());
  REQUIRE(picked_features({}, kBelow, "account_id", "a").empty());
}

TEST_CASE("lines of the tiles below lie in the tile above where they were, in fewer steps, and points stay below") {
  const auto both = tile_of_two({{0, 0}, {1, 1}, {4096, 2048}}, {{8, 8}, {9, 9}});
  const auto above = kBelow.parent();   // 65 is odd, 40 even: the north-east quarter
  REQUIRE(picked_features({{kBelow, both}}, above, "account_id", "a") == line_of("a", {{2048, 0}, {4096, 1024}}));
  REQUIRE(picked_features({{kBelow, both}}, above, "account_id", "b") == line_of("b", {{2052, 4}, {2053, 4}}));
}

TEST_CASE("a damaged tile is an exception, never something else") {
  const auto whole = tile_of_two({{0, 0}, {10, 20}}, {{1, 1}, {2, 2}});
  for (std::size_t length = 1; length < whole.size(); ++length) {
    try {
      picked_features({{kBelow, Bytes{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)}}}, kBelow, "account_id", "a");
    } catch (const protozero::exception&) {
    } catch (const std::out_of_range&) {
    }
  }
}
