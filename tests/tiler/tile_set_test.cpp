#include "tiler/tile_set.hpp"

#include "tests/catch.hpp"
#include "tests/tiler/town.hpp"
#include "tiler/mvt/mvt_check.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

using namespace cairn;
using namespace cairn::tiler;
using namespace cairn::tiler::testing;

namespace {

using Attributes = std::map<std::string, std::string>;

BuiltTile built_up_to(TileSet set, int zoom, const BaseItems& items, LatLon place) {
  auto tile = tile_of(place, base_zoom_of(set));
  auto built = build_base_tile(set, tile, items);
  while (tile.zoom() > zoom) {
    const auto child = tile;
    tile = tile.parent();
    std::array<ByteView, 4> rollups;
    for (std::size_t i = 0; i < 4; ++i) rollups[i] = tile.children()[i] == child ? ByteView{built.rollup} : ByteView{};
    built = build_parent_tile(set, tile, rollups);
  }
  return built;
}

/// Twenty vertices, 30 m apart, going east.
SequenceItem a_sequence() {
  const auto frame = a_frame();
  SequenceItem item{frame.sequence, frame.account, frame.taken_at, frame.camera_model, frame.projection, 15, 3264, 181.3, {}};
  for (int i = 0; i < 20; ++i) item.vertices.push_back({i, moved(frame.place, {30.0 * i, 0}), i % 19 == 0 ? 0 : 14});
  return item;
}

}  // namespace

TEST_CASE("a picture tile has the attributes that Panoramax clients read") {
  const auto frame = a_frame();
  BaseItems items;
  items.frames = {frame};
  items.sequences = {a_sequence()};
  const auto layers = read_tile(build_base_tile(TileSet::panoramax, tile_of(frame.place, 15), items).bytes);
  REQUIRE(layers.size() == 2);
  // As a Panoramax server answered for the same picture.
  const Attributes expected{{"id", "afbb1f09-de2b-4ab6-8885-adbb2c15a599"}, {"ts", "2014-06-07 08:26:31.633+00"}, {"heading", "339"},
                            {"account_id", "dee51b01-9650-49e2-8fa1-7e087984e766"}, {"type", "flat"}, {"model", "Apple iPhone4,1"},
                            {"gps_accuracy", "15"}, {"h_pixel_density", "18"}, {"sequences", "[\"b13f38a7-83ac-4d3c-8a0a-98b92a98c59c\"]"},
                            {"first_sequence", "b13f38a7-83ac-4d3c-8a0a-98b92a98c59c"}};
  REQUIRE(layers.at("pictures").at(0).attributes == expected);
  const Attributes sequence{{"id", "b13f38a7-83ac-4d3c-8a0a-98b92a98c59c"}, {"account_id", "dee51b01-9650-49e2-8fa1-7e087984e766"},
                            {"model", "Apple iPhone4,1"}, {"type", "flat"}, {"date", "2014-06-07"}, {"gps_accuracy", "15"}, {"h_pixel_density", "18"}};
  REQUIRE(layers.at("sequences").at(0).attributes == sequence);
}

TEST_CASE("Panoramax tiles have each layer at its zooms and no other") {
  BaseItems items;
  items.frames = {a_frame()};
  items.sequences = {a_sequence()};
  for (int zoom = 0; zoom <= 15; ++zoom) {
    CAPTURE(zoom);
    const auto tile = built_up_to(TileSet::panoramax, zoom, items, a_frame().place);
    REQUIRE(problems_of_mvt(tile.bytes).empty());
    const auto layers = read_tile(tile.bytes);
    REQUIRE(layers.contains("grid") == (zoom <= 6));
    REQUIRE(layers.contains("sequences") == (zoom >= 6));
    REQUIRE(layers.contains("pictures") == (zoom == 15));
    if (zoom == 6) REQUIRE(layers.at("sequences").at(0).attributes.empty());
    if (zoom >= 7) REQUIRE(layers.at("sequences").at(0).attributes.size() == 7);
    if (zoom < 14 && zoom >= 6) REQUIRE(layers.at("sequences").at(0).positions.size() == 2);
  }
}

TEST_CASE("the grid counts pictures by kind and grades them by the median and the most of its tile") {
  BaseItems items;
  for (int i = 0; i < 5; ++i) {
    auto frame = a_frame();
    frame.id = FrameId::derived_from({std::to_string(i)});
    frame.projection = i == 0 ? Projection::equirectangular : Projection::flat;
    items.frames.push_back(frame);
  }
  const auto grid = read_tile(built_up_to(TileSet::panoramax, 3, items, a_frame().place).bytes).at("grid");
  const Attributes expected{{"nb_pictures", "5"}, {"nb_360_pictures", "1"}, {"nb_flat_pictures", "4"}, {"coef", "0.5"}, {"coef_360_pictures", "0.5"},
                            {"coef_flat_pictures", "0.5"}, {"logged_coef", "1"}, {"logged_coef_360_pictures", "1"}, {"logged_coef_flat_pictures", "1"}};
  REQUIRE(grid.at(0).attributes == expected);
}

TEST_CASE("a feature's tile says what is known of it") {
  const auto feature = a_feature();
  BaseItems items;
  items.features = {feature};
  const auto tile = tile_of(feature.place, 14);
  const auto layers = read_tile(build_base_tile(TileSet::map, tile, items).bytes);
  const Attributes expected{{"id", feature.id.text()}, {"class", std::string{code_of(ObjectClass::traffic_light)}}, {"state", "confirmed"}, {"existence", "0.93"},
                            {"accuracy_m", "1.3"}, {"facing", "0"}, {"first_seen", "2024-02-28"}, {"last_seen", "2024-02-29"}, {"views", "12"}, {"contributors", "3"}};
  REQUIRE(layers.at("features").at(0).attributes == expected);
  // The tile is 14/8792/5126 (worked out by Python); the position in it must lead back to the longitude.
  const auto [x, y] = layers.at("features").at(0).positions.at(0);
  const double world_x = (8792 + x / 4096.0) / 16384;
  REQUIRE(world_x * 360 - 180 == Approx(13.195389).margin(360.0 / 16384 / 4096));
  REQUIRE((y >= 0 && y <= 4096));
}

TEST_CASE("frames show one by one at zoom 14, road cells with their octant, further out cells add up") {
  const auto frame = a_frame();
  BaseItems items;
  items.frames = {frame};
  items.coverage = {{7, 2, frame.place, frame.taken_at, 3}, {7, 6, frame.place, frame.taken_at + std::chrono::hours{48}, 2}, {8, 2, frame.place, frame.taken_at, 1}};
  const auto base = read_tile(build_base_tile(TileSet::map, tile_of(frame.place, 14), items).bytes);
  REQUIRE(base.at("frames").at(0).attributes == Attributes{{"id", frame.id.text()}, {"sequence", frame.sequence.text()}, {"ts", to_iso8601(frame.taken_at)},
                                                            {"heading", "339"}, {"accuracy", "15"}, {"quality", "0.9"}});
  REQUIRE(base.at("coverage").size() == 3);
  REQUIRE(base.at("coverage").at(1).attributes == Attributes{{"octant", "6"}, {"last_seen", "2014-06-09"}, {"passes", "2"}, {"cells", "1"}});
  for (const int zoom : {13, 7, 0}) {
    const auto above = read_tile(built_up_to(TileSet::map, zoom, items, frame.place).bytes);
    REQUIRE(above.at("coverage").size() == 1);
    REQUIRE(above.at("coverage").at(0).attributes == Attributes{{"last_seen", "2014-06-09"}, {"passes", "6"}, {"cells", "3"}});
    REQUIRE_FALSE(above.contains("frames"));
  }
}

TEST_CASE("any order of items gives the same bytes, and the same item twice is one") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  const auto town = random_town(random, 200);
  for (const auto set : kTileSets) {
    const auto tile = tile_of(town.frames.front().place, base_zoom_of(set));
    auto items = town.items_in(tile);
    const auto expected = build_base_tile(set, tile, items);
    for (int round = 0; round < 10; ++round) {
      std::ranges::shuffle(items.frames, random.engine());
      std::ranges::shuffle(items.sequences, random.engine());
      std::ranges::shuffle(items.features, random.engine());
      std::ranges::shuffle(items.coverage, random.engine());
      if (round == 5) {
        items.frames.push_back(items.frames.front());
        if (!items.features.empty()) items.features.push_back(items.features.front());
        if (!items.sequences.empty()) items.sequences.push_back(items.sequences.front());
        if (!items.coverage.empty()) items.coverage.push_back(items.coverage.front());
      }
      const auto built = build_base_tile(set, tile, items);
      REQUIRE(built.bytes == expected.bytes);
      REQUIRE(built.rollup == expected.rollup);
    }
  }
}

TEST_CASE("nothing in, nothing out") {
  for (const auto set : kTileSets) {
    const auto base = build_base_tile(set, *TileId::from_zxy(base_zoom_of(set), 1, 1), {});
    REQUIRE((base.bytes.empty() && base.rollup.empty()));
    const auto world = build_parent_tile(set, TileId{}, {});
    REQUIRE((world.bytes.empty() && world.rollup.empty()));
  }
}

TEST_CASE("strange values still make a valid tile") {
  auto frame = a_frame();
  frame.camera_model = "bad \xff\xfe name";
  frame.heading_deg = std::numeric_limits<double>::quiet_NaN();
  frame.accuracy_m = std::numeric_limits<double>::infinity();
  frame.place = *LatLon::from_degrees(90, 180);
  auto feature = a_feature();
  feature.existence = std::numeric_limits<double>::quiet_NaN();
  feature.facing_deg = -1e9;
  feature.views = -5;
  feature.place = frame.place;
  auto sequence = a_sequence();
  sequence.camera_model = "\x80";
  for (auto& vertex : sequence.vertices) vertex.place = frame.place;
  BaseItems items{{frame}, {sequence}, {feature}, {{1, 0, frame.place, frame.taken_at, -2}}};
  for (const auto set : kTileSets) {
    const auto tile = build_base_tile(set, tile_of(frame.place, base_zoom_of(set)), items);
    REQUIRE_FALSE(tile.bytes.empty());
    REQUIRE(problems_of_tile(set, tile.bytes).empty());
  }
}

TEST_CASE("a line of ten thousand vertices is drawn, at low zooms by its ends") {
  auto sequence = a_sequence();
  sequence.vertices.clear();
  for (int i = 0; i < 10'000; ++i) sequence.vertices.push_back({i, moved(a_frame().place, {i * 0.05, (i % 2) * 2.0}), i % 9'999 == 0 ? 0 : 13});
  BaseItems items;
  items.sequences = {sequence};
  const auto at = [&](int zoom) {
    const auto tile = built_up_to(TileSet::map, zoom, items, a_frame().place);
    REQUIRE(problems_of_mvt(tile.bytes).empty());
    return read_tile(tile.bytes).at("sequences").at(0).positions.size();
  };
  REQUIRE(at(14) > 1'000);
  REQUIRE(at(12) == 2);
}

TEST_CASE("a rollup of another tile is refused") {
  BaseItems items;
  items.features = {a_feature()};
  items.features[0].existence = 1;
  items.coverage = {{7, 2, a_frame().place, {}, 3}};
  items.frames = {a_frame()};
  for (const auto set : kTileSets) {
    const auto tile = tile_of(a_frame().place, base_zoom_of(set));
    const auto built = build_base_tile(set, tile, items);
    std::array<ByteView, 4> wrong;
    const auto children = tile.parent().children();
    wrong[(std::ranges::find(children, tile) - children.begin() + 1) % 4] = built.rollup;
    if (set != TileSet::panoramax) REQUIRE_THROWS_AS(build_parent_tile(set, tile.parent(), wrong), std::runtime_error);
    REQUIRE_THROWS_AS(build_parent_tile(set, *TileId::from_zxy(tile.zoom() - 1, 1, 1), wrong), std::runtime_error);
  }
}

TEST_CASE("a line shorter than half a pixel is gone from the map, but its road still shows") {
  auto sequence = a_sequence();
  sequence.vertices.resize(10);  // 270 m
  BaseItems items;
  items.sequences = {sequence};
  items.coverage = {{7, 2, a_frame().place, {}, 3}};
  // Half a pixel of 512 is 4 of 4096 units: 40,075 km x cos 55.7 deg / 1024 / 2^zoom, 86 m at zoom 8 and 345 m at zoom 6.
  REQUIRE(read_tile(built_up_to(TileSet::map, 8, items, a_frame().place).bytes).contains("sequences"));
  REQUIRE_FALSE(read_tile(built_up_to(TileSet::map, 6, items, a_frame().place).bytes).contains("sequences"));
  REQUIRE(read_tile(built_up_to(TileSet::map, 6, items, a_frame().place).bytes).contains("coverage"));
}
