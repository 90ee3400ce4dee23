#include "tiler/layers.hpp"

#include "tests/catch.hpp"
#include "tests/tiler/archive/archive_folder.hpp"
#include "tests/tiler/picture.hpp"
#include "tests/tiler/town.hpp"
#include "tiler/archive/reader.hpp"

#include <algorithm>
#include <limits>
#include <map>

using namespace cairn;
using namespace cairn::tiler;
using namespace cairn::tiler::testing;

namespace {

using Pixel = std::array<std::uint8_t, 4>;
constexpr std::size_t kPixels = 256;

/// The colour of what was last seen at this time, by the legend.
Pixel colour_by_legend(UtcTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
  auto colour = coverage_legend().front().colour;
  for (const auto& entry : coverage_legend()) {
    if (entry.first_day <= day) colour = entry.colour;
  }
  return {colour[0], colour[1], colour[2], 255};
}

/// What was seen within one of the 64 x 64 squares of a tile.
struct Square {
  UtcTime last_seen = UtcTime::min();
  int passes = 0, cells = 0;
};

/// The pixels of a tile as docs/tiles.md says, straight from all that was seen.
std::vector<Pixel> pixels_by_the_rules(const std::vector<CoverageItem>& coverage, TileId tile) {
  std::map<std::pair<std::size_t, std::size_t>, Square> squares;
  for (const auto& seen : coverage) {
    if (tile_of(seen.place, tile.zoom()) != tile) continue;
    const auto point = world_point_of(seen.place);
    auto& square = squares[{point.y >> (26 - tile.zoom()) & 63, point.x >> (26 - tile.zoom()) & 63}];
    square.last_seen = std::max(square.last_seen, seen.last_seen);
    square.passes += seen.passes;
    ++square.cells;
  }
  std::vector<Pixel> pixels(kPixels * kPixels, Pixel{0, 0, 0, 0});
  for (const auto& [place, square] : squares) {
    const std::size_t rim = square.passes >= 2 * square.cells ? 0 : 1;
    for (auto y = 4 * place.first + rim; y < 4 * place.first + 4 - rim; ++y) {
      for (auto x = 4 * place.second + rim; x < 4 * place.second + 4 - rim; ++x) pixels[y * kPixels + x] = colour_by_legend(square.last_seen);
    }
  }
  return pixels;
}

std::vector<Pixel> drawn_pixels(const std::vector<CoverageItem>& coverage) {
  BaseItems items;
  items.coverage = coverage;
  return read_picture(build_base_tile(TileSet::coverage, tile_of(coverage.at(0).place, 14), items).bytes).pixels;
}

/// A road cell seen in one direction.
CoverageItem seen_on(const std::string& time, int passes = 1) { return {7, 2, a_frame().place, *time_from_iso8601(time), passes}; }

/// Some pixel of a tile that shows one square.
Pixel colour_of_square(const std::vector<CoverageItem>& coverage) {
  const auto pixels = drawn_pixels(coverage);
  return *std::ranges::find_if(pixels, [](const Pixel& pixel) { return pixel[3] != 0; });
}

}  // namespace

TEST_CASE("a picture of coverage shows of each square the newest date, at every zoom, and how often its road was passed") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  const auto town = random_town(random, 300);
  CellStore store{TileSet::coverage};
  const auto changes = store.rebuild(town.base_tiles(TileSet::coverage), [&](TileId tile) { return town.items_in(tile); });
  REQUIRE(changes.size() > 20);
  for (const auto& change : changes) {
    CAPTURE(change.tile.text());
    REQUIRE((read_picture(change.bytes).pixels == pixels_by_the_rules(town.coverage, change.tile)));
  }
}

TEST_CASE("a picture of coverage depends on nothing but the road that was seen") {
  Random random{cairn::testing::seed_of_run()};
  const auto town = random_town(random, 60);
  const auto tile = tile_of(town.coverage.front().place, 14);
  const auto all = town.items_in(tile);
  BaseItems road;
  road.coverage = all.coverage;
  const auto built = build_base_tile(TileSet::coverage, tile, all), of_road = build_base_tile(TileSet::coverage, tile, road);
  REQUIRE(built.bytes == of_road.bytes);
  REQUIRE(built.rollup == of_road.rollup);
  REQUIRE(build_base_tile(TileSet::coverage, tile, {all.frames, all.sequences, all.features, {}}).bytes.empty());
}

TEST_CASE("road that is seen anew gets the newer colour in one tile a zoom, and no other tile changes") {
  Random random{cairn::testing::seed_of_run()};
  auto town = random_town(random, 60);
  CellStore store{TileSet::coverage};
  const auto items_of = [&](TileId tile) { return town.items_in(tile); };
  store.rebuild(town.base_tiles(TileSet::coverage), items_of);
  auto& seen = town.coverage.front();
  seen.last_seen = *time_from_iso8601("2028-12-24T12:00:00Z");   // later than anything in a town
  const auto changes = store.rebuild({tile_of(seen.place, 14)}, items_of);
  REQUIRE(changes.size() == 15);
  for (int zoom = 14; const auto& change : changes) {
    REQUIRE(change.tile == tile_of(seen.place, zoom--));
    const auto pixels = read_picture(change.bytes).pixels;
    REQUIRE(std::ranges::count(pixels, colour_by_legend(seen.last_seen)) >= 4);
  }
}

TEST_CASE("a colour stands for four months of the calendar, the first for all before, the last for all after") {
  REQUIRE(coverage_legend().size() == 15);
  REQUIRE(colour_of_square({seen_on("2024-04-30T23:59:59Z")}) != colour_of_square({seen_on("2024-05-01T00:00:00Z")}));
  REQUIRE(colour_of_square({seen_on("2024-05-01T00:00:00Z")}) == colour_of_square({seen_on("2024-08-31T23:59:59Z")}));
  REQUIRE(colour_of_square({seen_on("1970-01-01T00:00:00Z")}) == colour_of_square({seen_on("2024-01-01T00:00:00Z")}));
  REQUIRE(colour_of_square({seen_on("2028-09-01T00:00:00Z")}) == colour_of_square({seen_on("2100-01-01T00:00:00Z")}));
}

TEST_CASE("road passed once is drawn half as wide as road passed twice on the mean, in one direction or several") {
  const auto shown = [](const std::vector<CoverageItem>& coverage) {
    return std::ranges::count_if(drawn_pixels(coverage), [](const Pixel& pixel) { return pixel[3] != 0; });
  };
  const auto once = seen_on("2026-05-01T12:00:00Z"), twice = seen_on("2026-05-01T12:00:00Z", 2);
  auto back = once;
  back.octant = 6;
  REQUIRE(shown({once}) == 4);
  REQUIRE(shown({twice}) == 16);
  REQUIRE(shown({once, back}) == 4);
  REQUIRE(shown({twice, back}) == 4);
}

TEST_CASE("dates and counts that nobody has are drawn all the same") {
  constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  Rollup rollup;
  rollup.coverage = {{{0, 0}, std::numeric_limits<std::int32_t>::min(), kMost, 0}, {{0, 1}, std::numeric_limits<std::int32_t>::max(), kMost, kMost}, {{1, 0}, 0, 0, kMost}};
  const auto child = encoded(rollup);
  const auto world = build_parent_tile(TileSet::coverage, TileId{}, {child, {}, {}, {}});
  const auto pixels = read_picture(world.bytes).pixels;
  const auto first = coverage_legend().front().colour, last = coverage_legend().back().colour;
  REQUIRE(pixels[kPixels + 1] == Pixel{first[0], first[1], first[2], 255});
  REQUIRE(pixels[kPixels + 5] == Pixel{last[0], last[1], last[2], 255});
  REQUIRE(pixels[0][3] == 0);
  REQUIRE(pixels[4 * kPixels][3] == 255);
}

TEST_CASE("archives of coverage are valid, and say that they hold pictures") {
  Random random{cairn::testing::seed_of_run()};
  const auto town = random_town(random, 60);
  CellStore store{TileSet::coverage};
  const auto changes = store.rebuild(town.base_tiles(TileSet::coverage), [&](TileId tile) { return town.items_in(tile); });
  ArchiveFolder folder;
  for (const std::string name : {"coverage.pmtiles", "coverage.mbtiles"}) {
    CAPTURE(name);
    std::size_t next = 0;
    write_archive(folder / name, {.name = "town", .format = format_of(TileSet::coverage)}, [&]() -> std::optional<ArchiveTile> {
      if (next == changes.size()) return std::nullopt;
      const auto& change = changes[next++];
      return ArchiveTile{change.tile, as_kept(format_of(TileSet::coverage), change.bytes, 6)};
    });
    REQUIRE(problems_of_archive(folder / name) == std::vector<std::string>{});
    const auto archive = open_archive(folder / name);
    REQUIRE(archive->facts().format == TileFormat::png);
    REQUIRE(archive->tile(changes.front().tile)->bytes == changes.front().bytes);
  }
}
