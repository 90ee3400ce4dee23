// OGC APIs and WMTS: links lead on, and what makes no sense is refused. GDAL reads them.

#include "services/store/accounts.hpp"
#include "services/store/map.hpp"
#include "services/store/tiles.hpp"
#include "tests/catch.hpp"
#include "tests/services/gateway/made_drive.hpp"
#include "tiler/gzip.hpp"

#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <set>

using namespace cairn;
using namespace cairn::testing;
using nlohmann::json;

namespace {

std::string path_of(const std::string& url) { return url.substr(url.find('/', sizeof "http://")); }

std::string link_to(const json& links, const std::string& rel) {
  for (const auto& link : links) {
    if (link["rel"].get<std::string>().ends_with(rel)) return path_of(link["href"]);
  }
  return {};
}

std::string replaced(std::string text, const std::string& what, const std::string& by) { return text.replace(text.find(what), what.size(), by); }

MadeDrive add_drive(const Served& served) {
  auto session = served.session();
  return make_drive(session, served.blobs(), {.account = store::find_account_named(session, "local")->id});
}

void add_tile(const Served& served, TileId tile) {
  const auto bytes = bytes_of("a tile");
  auto session = served.session();
  const store::TileRow row{"map", tile, sha256_of(bytes), served.blobs().put(store::Namespace::public_, tiler::gzipped(bytes, 1)), 6, {}};
  session.write([&](store::Session& writer) { store::put_tile(writer, row); });
}

/// What a command prints; with its errors.
std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe{::popen((command + " 2>&1").c_str(), "r"), ::pclose};
  std::string output;
  char buffer[4096];
  for (std::size_t got = 0; (got = std::fread(buffer, 1, sizeof buffer, pipe.get())) > 0;) output.append(buffer, got);
  return output;
}

/// Whether the GDAL at hand has a driver; says so when not.
bool has_driver(const std::string& name) {
  if (output_of("ogrinfo --formats; gdalinfo --formats").find(" " + name + " ") != std::string::npos) return true;
  std::cout << "skipped: GDAL (gdal-bin) has no driver " << name << "\n";
  return false;
}

void add_features(const Served& served, int count) {
  auto session = served.session();
  session.write([&](store::Session& writer) {
    for (int i = 0; i < count; ++i) {
      Feature feature;
      feature.id = FeatureId::derived_from({std::to_string(i)});
      feature.place = *LatLon::from_degrees(55.698 + i * 0.01, 13.195);   // each in a cell of its own
      feature.first_seen = feature.last_seen = kNow;
      store::replace_features(writer, tile_of(feature.place, 16), {feature});
    }
  });
}

}  // namespace

TEST_CASE("every link of the OGC landing page and of what it leads to is answered") {
  Served served;
  add_drive(served);
  std::set<std::string> seen, ahead{"/ogc"};
  while (!ahead.empty()) {
    const auto path = *ahead.begin();
    ahead.erase(ahead.begin());
    if (!seen.insert(path).second) continue;
    CAPTURE(path);
    const auto answer = served.client().get(path);
    REQUIRE(answer.status == 200);
    if (!answer.header("Content-Type").starts_with("application/json") || !path.starts_with("/ogc")) continue;
    const auto follow = [&](const json& links) {
      for (const auto& link : links) {
        if (!link.contains("templated") && link["rel"] != "license") ahead.insert(path_of(link["href"]));
      }
    };
    const auto body = answer.json();
    follow(body.value("links", json::array()));
    for (const char* list : {"collections", "tilesets", "tileMatrixSets"}) {
      for (const auto& one : body.value(list, json::array())) follow(one["links"]);
    }
  }
  REQUIRE(seen.contains("/ogc/collections/features/items"));
  REQUIRE(seen.contains("/ogc/collections/map/tiles/WebMercatorQuad"));
  REQUIRE(seen.contains("/ogc/collections/coverage/tiles/WebMercatorQuad"));
  REQUIRE(seen.contains("/ogc/wmts/1.0.0/WMTSCapabilities.xml"));
}

TEST_CASE("a tile has one content under all of its addresses, rows before columns where OGC says so") {
  Served served;
  const auto drive = add_drive(served);
  const auto tile = tile_of(drive.frames[0].place, 14);
  add_tile(served, tile);
  const auto set = served.client().get("/ogc/collections/map/tiles/WebMercatorQuad").json();
  auto path = link_to(set["links"], "item");
  for (const auto& [name, value] : {std::pair{"{tileMatrix}", std::to_string(tile.zoom())}, {"{tileRow}", std::to_string(tile.y())}, {"{tileCol}", std::to_string(tile.x())}}) path = replaced(path, name, value);
  REQUIRE(path.ends_with("/14/" + std::to_string(tile.y()) + "/" + std::to_string(tile.x())));
  REQUIRE(served.client().get(path).body == "a tile");
  REQUIRE(served.client().get("/tiles/map/" + tile.text() + ".mvt").body == "a tile");

  const auto& limits = set["tileMatrixSetLimits"];
  REQUIRE(limits.size() == 15);
  REQUIRE((limits[14]["minTileRow"] <= tile.y() && tile.y() <= limits[14]["maxTileRow"] && limits[14]["minTileCol"] <= tile.x() && tile.x() <= limits[14]["maxTileCol"]));
  REQUIRE(set["layers"].size() == 4);
}

TEST_CASE("pictures are told apart from vector tiles, and a tiling that two sets share is described once") {
  Served served;
  add_drive(served);
  const auto set = served.client().get("/ogc/collections/coverage/tiles/WebMercatorQuad").json();
  REQUIRE(set["dataType"] == "map");
  REQUIRE_FALSE(set.contains("layers"));
  const auto links = served.client().get("/ogc/collections/coverage").json()["links"];
  REQUIRE(link_to(links, "/tilesets-map") == "/ogc/collections/coverage/tiles");
  const auto capabilities = served.client().get("/ogc/wmts/1.0.0/WMTSCapabilities.xml").body;
  REQUIRE_THAT(capabilities, ContainsText("<Format>image/png</Format>") && ContainsText("/tiles/coverage/{TileMatrix}/{TileCol}/{TileRow}.png"));
  const std::string tiling = "<TileMatrixSet><ows:Identifier>WebMercatorQuad_0_to_14</ows:Identifier>";
  REQUIRE(capabilities.find(tiling) == capabilities.rfind(tiling));
  REQUIRE(capabilities.find(tiling) != std::string::npos);
}

TEST_CASE("the tiling has the scales and the corner of the standard") {
  const Served served;
  const auto tiling = served.client().get("/ogc/tileMatrixSets/WebMercatorQuad").json();
  const auto& zooms = tiling["tileMatrices"];
  REQUIRE(zooms.size() == 25);
  REQUIRE(std::abs(zooms[0]["scaleDenominator"].get<double>() - 559082264.028717) < 1e-3);  // OGC 17-083r2, table D.1
  REQUIRE(std::abs(zooms[24]["cellSize"].get<double>() - 0.0093306) < 1e-6);
  REQUIRE(zooms[3]["matrixWidth"] == 8);
  REQUIRE(tiling["tileMatrix"][3]["topLeftCorner"] == zooms[3]["pointOfOrigin"]);  // what clients of the standard's version 1 read
  REQUIRE(zooms[0]["pointOfOrigin"][0] < -20037508);
}

TEST_CASE("what OGC clients ask for and is not there is answered 404, what makes no sense 400") {
  const Served served;
  for (const char* path : {"/ogc/collections/castles", "/ogc/collections/castles/items", "/ogc/collections/map/items", "/ogc/collections/features/tiles", "/ogc/collections/map/tiles/WorldCRS84Quad",
                           "/ogc/tileMatrixSets/WorldCRS84Quad", "/ogc/collections/map/tiles/WebMercatorQuad/1/2/0", "/ogc/collections/map/tiles/WebMercatorQuad/15/0/0",
                           "/ogc/collections/features/items/00000000-0000-0000-0000-000000000000"}) {
    CAPTURE(path);
    REQUIRE(served.client().get(path).status == 404);
  }
  for (const char* path : {"/ogc/collections/map/tiles/WebMercatorQuad/one/0/0", "/ogc/collections/map/tiles/WebMercatorQuad/0/0/0.png", "/ogc/collections/features/items?colour=red"}) {
    CAPTURE(path);
    REQUIRE(served.client().get(path).status == 400);
  }
  REQUIRE(served.client().get("/ogc/collections/map/tiles/WebMercatorQuad/0/0/0").status == 204);
}

TEST_CASE("GDAL reads features by OGC API Features, page by page, by place and by time") {
  if (!has_driver("OAPIF")) return;
  Served served;
  add_drive(served);
  add_features(served, 25);
  const auto read = [&](const std::string& options) {
    return output_of("ogrinfo -ro -so OAPIF:http://127.0.0.1:" + std::to_string(served.client().port()) + "/ogc features --config GDAL_HTTP_PROXY '' " + options);
  };
  REQUIRE_THAT(read("-oo PAGE_SIZE=10"), ContainsText("Feature Count: 25") && ContainsText("Geometry: Point") && ContainsText("class: String") && ContainsText("existence: Real"));
  REQUIRE_THAT(read("-spat 13 55.69 14 55.72"), ContainsText("Feature Count: 3"));
  REQUIRE_THAT(read("-where \"class = 'sign'\""), ContainsText("Feature Count: 25"));
}

TEST_CASE("GDAL finds the collections of tiles by OGC API Tiles") {
  if (!has_driver("OGCAPI")) return;
  Served served;
  add_drive(served);
  const auto url = "http://127.0.0.1:" + std::to_string(served.client().port()) + "/ogc";
  REQUIRE_THAT(output_of("gdalinfo OGCAPI:" + url), ContainsText("collections/map"));
}

TEST_CASE("GDAL understands the capabilities of the WMTS") {
  if (!has_driver("WMTS")) return;
  Served served;
  add_drive(served);
  for (const std::string layer : {"map", "coverage"}) {
    const auto read = output_of("gdalinfo WMTS:http://127.0.0.1:" + std::to_string(served.client().port()) + "/ogc/wmts/1.0.0/WMTSCapabilities.xml,layer=" + layer);
    REQUIRE_THAT(read, ContainsText("Pseudo-Mercator") && ContainsText("Pixel Size = (9.554628535"));
  }
}
