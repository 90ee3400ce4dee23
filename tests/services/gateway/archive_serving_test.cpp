// The operator's own archives of tiles beside the map's sets: served by the same rules, told where those are told.

#include "services/store/accounts.hpp"
#include "tests/catch.hpp"
#include "tests/services/gateway/served.hpp"
#include "tiler/archive/archive.hpp"
#include "tiler/gzip.hpp"

#include <fstream>
#include <thread>

using namespace cairn;
using namespace cairn::testing;
namespace fs = std::filesystem;

namespace {

const auto kGroundTile = *TileId::from_zxy(14, 8800, 5370);
const std::string kGroundPath = "/tiles/ground/14/8800/5370.png", kRoadsPath = "/tiles/roads/14/8800/5370.mvt";

void write_one(const fs::path& file, tiler::TileFormat format, const std::string& content) {
  tiler::ArchiveInfo info{"Seen <from> above", "what it is", "its makers", "[]", {}, format};
  if (format == tiler::TileFormat::mvt) info.vector_layers_json = R"([{"id":"roads","fields":{}}])";
  bool is_given = false;
  tiler::write_archive(file, info, [&]() -> std::optional<tiler::ArchiveTile> {
    if (std::exchange(is_given, true)) return std::nullopt;
    return tiler::ArchiveTile{kGroundTile, tiler::as_kept(format, Bytes{bytes_of(content).begin(), bytes_of(content).end()}, 6)};
  });
}

/// ground.pmtiles (pictures) and roads.mbtiles (vector tiles) in a folder.
struct OwnArchives {
  ScratchFolder scratch;
  OwnArchives() {
    write_one(scratch.path() / "ground.pmtiles", tiler::TileFormat::png, "a picture");
    write_one(scratch.path() / "roads.mbtiles", tiler::TileFormat::mvt, "roads as they are");
  }
  gateway::GatewayOptions options() const {
    gateway::GatewayOptions options;
    options.archives = scratch.path();
    return options;
  }
};

/// Over a connection that stays, so by the short way where there is one.
Answer quickly(const Served& served, const std::string& path, const std::string& headers = {}, const std::string& method = "GET") {
  auto first = served.client().send(method + " " + path + " HTTP/1.1\r\nHost: cairn.test\r\n" + headers + "\r\nGET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const auto length = first.header("Content-Length");
  first.body.resize(method == "HEAD" || length.empty() || first.status == 304 ? 0 : std::stoul(length));
  return first;
}

template <class Condition>
bool becomes_true(Condition condition) {
  for (int tries = 0; tries < 1000; ++tries) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return false;
}

}  // namespace

TEST_CASE("archives of the operator's folder are served like the map's sets, by the short way and the long one alike") {
  const OwnArchives own;
  const Served served{own.options()};
  REQUIRE(quickly(served, kGroundPath).body == "a picture");
  REQUIRE(quickly(served, kGroundPath).header("Content-Type") == "image/png");
  REQUIRE(quickly(served, kRoadsPath).body == "roads as they are");
  REQUIRE(quickly(served, kRoadsPath, "Accept-Encoding: gzip\r\n").header("Content-Encoding") == "gzip");
  for (const auto& path : {kGroundPath, kRoadsPath, std::string{"/tiles/ground/14/1/1.png"}}) {
    for (const std::string headers : {"", "Accept-Encoding: gzip\r\n", "Origin: https://x.example\r\n", "If-None-Match: *\r\n"}) {
      CAPTURE(path, headers);
      const auto quick = quickly(served, path, headers), slow = served.client().get(path, headers);
      REQUIRE(quick.status == slow.status);
      REQUIRE(quick.body == slow.body);
      for (const auto* name : {"ETag", "Content-Type", "Cache-Control", "Vary", "Content-Encoding", "Access-Control-Allow-Origin", "X-Content-Type-Options"}) REQUIRE(quick.header(name) == slow.header(name));
    }
  }
  const auto etag = quickly(served, kGroundPath).header("ETag");
  REQUIRE(quickly(served, kGroundPath, "If-None-Match: \"x\", W/" + etag + "\r\n").status == 304);
  REQUIRE(quickly(served, kGroundPath, "", "HEAD").header("ETag") == etag);
  REQUIRE(quickly(served, "/tiles/ground/14/1/1.png").status == 204);
  REQUIRE(quickly(served, "/tiles/ground/15/1/1.png").status == 404);
  REQUIRE(quickly(served, "/tiles/ground/14/1/1.mvt").status == 400);
  REQUIRE(quickly(served, "/tiles/nowhere/14/1/1.png").status == 404);
  REQUIRE(served.client().get("/tiles/ground.pmtiles", "Range: bytes=0-6\r\n").body == "PMTiles");
}

TEST_CASE("an archive's tiles ask for the same keys, count against the same quota and are metered") {
  const OwnArchives own;
  auto options = own.options();
  options.limits.token_tiles_per_day = 6;
  Served served{options};
  std::string secret;
  served.session().write([&](store::Session& session) { secret = store::make_token(session, store::account_named(session, "anna", kNow).id, "map", "read", kNow); });
  const auto key = "?key=" + secret;
  for (const auto& path : {kGroundPath, kRoadsPath}) {
    REQUIRE(quickly(served, path + "?key=cairn_none").status == 401);
    REQUIRE(quickly(served, path, "Authorization: Bearer none\r\n").status == 401);
    REQUIRE(quickly(served, path + key).status == 200);
    REQUIRE(quickly(served, path + key).status == 200);
  }
  REQUIRE(served.client().get("/tiles/ground.pmtiles" + key, "Range: bytes=0-6\r\n").status == 206);
  REQUIRE(served.client().get("/tiles/ground.json" + key).status == 200);
  REQUIRE(quickly(served, kGroundPath + key, "", "HEAD").status == 200);
  for (const auto& path : {kGroundPath, kRoadsPath, std::string{"/tiles/ground.pmtiles"}}) {
    const auto refused = quickly(served, path + key);
    REQUIRE(refused.status == 429);
    REQUIRE_FALSE(refused.header("Retry-After").empty());
  }
  REQUIRE(quickly(served, kGroundPath).status == 200);
}

TEST_CASE("an archive whose name is a tile set's or a collection's is left out, and the set stays as it is") {
  const ScratchFolder folder;
  for (const char* name : {"map.pmtiles", "coverage.mbtiles", "features.pmtiles", "other.pmtiles"}) write_one(folder.path() / name, tiler::TileFormat::jpeg, "x");
  gateway::GatewayOptions options;
  options.archives = folder.path();
  const Served served{options};
  const auto listed = served.client().get("/tiles").json();
  REQUIRE(listed["archives"].size() == 1);
  REQUIRE(listed["archives"][0]["name"] == "other");
  REQUIRE(listed["sets"].size() == 3);
  REQUIRE(served.client().get("/tiles/map.json").json().contains("vector_layers"));
  REQUIRE(served.client().get("/tiles/map.pmtiles").status == 404);
  REQUIRE(served.client().get("/tiles/map/14/8800/5370.jpg").status == 400);
  REQUIRE(served.client().get("/tiles/features.json").status == 404);
}

TEST_CASE("archives that come, are replaced and go are noticed without a restart, and without a folder there are none") {
  const ScratchFolder folder;
  gateway::GatewayOptions options;
  options.archives = folder.path() / "later";
  const Served served{options};
  REQUIRE(served.client().get("/tiles").json()["archives"].empty());
  fs::create_directory(options.archives);
  std::ofstream{options.archives / "broken.pmtiles"} << "PMTiles?";
  write_one(options.archives / "ground.pmtiles", tiler::TileFormat::png, "first");
  REQUIRE(becomes_true([&] { return quickly(served, kGroundPath).body == "first"; }));
  REQUIRE(served.client().get("/tiles").json()["archives"].size() == 1);
  write_one(options.archives / "ground.pmtiles", tiler::TileFormat::png, "second");
  REQUIRE(becomes_true([&] { return quickly(served, kGroundPath).body == "second"; }));
  fs::remove(options.archives / "ground.pmtiles");
  REQUIRE(becomes_true([&] { return quickly(served, kGroundPath).status == 404; }));
}

TEST_CASE("archives are told in TileJSON, OGC API Tiles and WMTS, by their own names, bounds and makers") {
  const OwnArchives own;
  const Served served{own.options()};
  const auto described = served.client().get("/tiles/ground.json").json();
  REQUIRE(described["tiles"][0] == "http://cairn.test/tiles/ground/{z}/{x}/{y}.png");
  REQUIRE(described["attribution"] == "its makers");

  const auto collection = served.client().get("/ogc/collections/ground").json();
  REQUIRE(collection["title"] == "Seen <from> above");
  REQUIRE(collection["dataType"] == "map");
  REQUIRE(collection["extent"]["spatial"]["bbox"][0][0] == described["bounds"][0]);
  const auto set = served.client().get("/ogc/collections/roads/tiles/WebMercatorQuad").json();
  REQUIRE(set["layers"][0]["id"] == "roads");
  REQUIRE(set["tileMatrixSetLimits"].size() == 1);
  REQUIRE(set["tileMatrixSetLimits"][0]["minTileRow"] == kGroundTile.y());
  REQUIRE(served.client().get("/ogc/collections/ground/tiles/WebMercatorQuad/14/5370/8800").body == "a picture");
  REQUIRE(served.client().get("/ogc/collections/ground/items").status == 404);

  const auto capabilities = served.client().get("/ogc/wmts/1.0.0/WMTSCapabilities.xml").body;
  REQUIRE_THAT(capabilities, ContainsText("<ows:Title>Seen &lt;from&gt; above</ows:Title>") && ContainsText("/tiles/ground/{TileMatrix}/{TileCol}/{TileRow}.png"));
}
