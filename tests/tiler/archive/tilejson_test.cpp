#include "tiler/archive/tilejson.hpp"

#include "tests/catch.hpp"
#include "tests/tiler/town.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <set>

using namespace cairn;
using namespace cairn::tiler;
using namespace cairn::tiler::testing;

TEST_CASE("vector_layers name every layer and attribute that tiles have") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  for (const auto set : {TileSet::map, TileSet::panoramax}) {
    Random random{seed};
    const auto town = random_town(random, 80);
    CellStore store{set};
    const auto changes = store.rebuild(town.base_tiles(set), [&](TileId tile) { return town.items_in(tile); });
    std::map<std::string, nlohmann::json> described;
    for (const auto& layer : nlohmann::json::parse(vector_layers_json(set))) described[layer["id"]] = layer;
    std::set<std::string> seen;
    for (const auto& change : changes) {
      for (const auto& [name, features] : read_tile(change.bytes)) {
        CAPTURE(name);
        REQUIRE(described.contains(name));
        REQUIRE(described[name]["minzoom"] <= change.tile.zoom());
        REQUIRE(described[name]["maxzoom"] >= change.tile.zoom());
        for (const auto& feature : features) {
          for (const auto& [key, value] : feature.attributes) {
            REQUIRE(described[name]["fields"].contains(key));
            seen.insert(name + "." + key);
          }
        }
      }
    }
    std::size_t fields = 0;
    for (const auto& [name, layer] : described) fields += layer["fields"].size();
    REQUIRE(seen.size() == fields);
  }
}

TEST_CASE("the TileJSON of pictures has no layers but a legend, colours by the first day that they stand for") {
  REQUIRE(nlohmann::json::parse(vector_layers_json(TileSet::coverage)).empty());
  const auto document = nlohmann::json::parse(tilejson(TileSet::coverage, {}));
  REQUIRE_FALSE(document.contains("vector_layers"));
  const auto& legend = document["cairn_legend"];
  REQUIRE(legend.size() == 15);
  REQUIRE(legend[0] == nlohmann::json{{"colour", "#821698"}, {"from", "2024-01-01"}});
  REQUIRE(legend[1]["from"] == "2024-05-01");
  REQUIRE(legend[14] == nlohmann::json{{"colour", "#52f184"}, {"from", "2028-09-01"}});
  REQUIRE_FALSE(nlohmann::json::parse(tilejson(TileSet::map, {})).contains("cairn_legend"));
}

TEST_CASE("a TileJSON has what version 3 requires, with a centre inside its bounds") {
  TileJsonInfo info;
  info.tile_urls = {"http://localhost:8080/tiles/map/{z}/{x}/{y}.mvt"};
  info.bounds = bounds_around({*TileId::from_zxy(14, 8792, 5126), *TileId::from_zxy(14, 8793, 5126)});
  const auto document = nlohmann::json::parse(tilejson(TileSet::map, info));
  REQUIRE(document["tilejson"] == "3.0.0");
  REQUIRE(document["tiles"][0] == info.tile_urls[0]);
  REQUIRE(document["maxzoom"] == 14);
  REQUIRE(document["bounds"][0] <= document["center"][0]);
  REQUIRE(document["center"][0] <= document["bounds"][2]);
  REQUIRE(document["center"][2] == 13);
  REQUIRE(document["vector_layers"].size() == 4);
}
