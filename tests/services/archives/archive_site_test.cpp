#include "services/archives/archive_site.hpp"

#include "services/gateway/http/http_server.hpp"
#include "tests/catch.hpp"
#include "tests/services/gateway/http_client.hpp"
#include "tests/temporary_folder.hpp"
#include "tiler/archive/archive.hpp"
#include "tiler/gzip.hpp"

#include <filesystem>
#include <fstream>
#include <thread>

using namespace cairn;
using cairn::testing::Answer;
using cairn::testing::HttpClient;
namespace fs = std::filesystem;

namespace {

const tiler::ArchiveInfo kInfo{"Town", "a town", "its people", R"([{"id":"signs","fields":{"class":"String"}}])"};

Bytes packed(std::string_view text) { return tiler::gzipped(bytes_of(text), 6); }

/// The world and four tiles of zoom 12, that of the south-west missing.
std::vector<tiler::ArchiveTile> tiles_of(const std::string& word) {
  std::vector<tiler::ArchiveTile> tiles{{TileId{}, packed(word + " world, as large as it is: " + std::string(400, 'w'))}};
  for (const auto& [x, y] : {std::pair{2000, 1500}, {2001, 1500}, {2001, 1501}}) tiles.push_back({*TileId::from_zxy(12, x, y), packed(word + std::to_string(x + y))});
  return tiles;
}

tiler::TileSource source_of(std::vector<tiler::ArchiveTile> tiles) {
  return [tiles = std::move(tiles), next = std::size_t{0}]() mutable { return next < tiles.size() ? std::optional{tiles[next++]} : std::nullopt; };
}

class ServedArchives {
 public:
  ServedArchives() {
    tiler::write_pmtiles(folder_.path() / "town.pmtiles", kInfo, source_of(tiles_of("town")));
    tiler::write_mbtiles(folder_.path() / "old.mbtiles", kInfo, source_of(tiles_of("old")));
    gateway::ServerOptions options;
    options.port = 0;
    options.io_threads = 1;
    options.database_threads = 0;
    site_.emplace(options, std::vector{folder_.path() / "town.pmtiles", folder_.path() / "old.mbtiles"}, 1 << 20);
    server_.emplace(*site_);
  }

  /// Over a connection that ends, so past the short way.
  Answer get(const std::string& path, const std::string& headers = {}) const { return HttpClient{server_->port()}.get(path, headers); }
  /// Over a connection that stays, so by the short way where there is one.
  Answer get_on(const std::string& path, const std::string& headers = {}, const std::string& method = "GET") const {
    const auto both = HttpClient{server_->port()}.send(method + " " + path + " HTTP/1.1\r\nHost: maps.test\r\n" + headers + "\r\nGET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    auto first = both;
    const auto length = first.header("Content-Length");
    first.body.resize(method == "HEAD" || length.empty() || first.status == 304 ? 0 : std::stoul(length));
    REQUIRE(both.body.ends_with("alive\n"));
    return first;
  }
  const fs::path& folder() const { return folder_.path(); }
  gateway::HttpServer& server() { return *server_; }

 private:
  cairn::testing::TemporaryFolder folder_;
  std::optional<archives::ArchiveSite> site_;
  std::optional<gateway::HttpServer> server_;
};

const std::string kTakesGzip = "Accept-Encoding: br, gzip\r\n";

}  // namespace

TEST_CASE("a tile comes packed exactly when the client takes gzip, with an ETag of its own for each form") {
  ServedArchives served;
  for (const std::string name : {"town", "old"}) {
    const auto path = "/tiles/" + name + "/12/2001/1500.mvt";
    const auto plain = served.get_on(path);
    REQUIRE(plain.status == 200);
    REQUIRE(plain.body == name + "3501");
    REQUIRE(plain.header("Content-Encoding").empty());
    REQUIRE(plain.header("Content-Type") == "application/vnd.mapbox-vector-tile");
    const auto zipped = served.get_on(path, kTakesGzip);
    REQUIRE(zipped.header("Content-Encoding") == "gzip");
    REQUIRE(zipped.body == text_of(packed(name + "3501")));
    REQUIRE(zipped.header("ETag") != plain.header("ETag"));
    REQUIRE(zipped.header("Vary").find("Accept-Encoding") != std::string::npos);
    REQUIRE(served.get_on(path, "Accept-Encoding: gzip;q=0\r\n").header("Content-Encoding").empty());
    REQUIRE(served.get_on("/tiles/" + name + "/12/2001/1500.pbf").body == plain.body);
  }
}

TEST_CASE("the short way and the long one give the same answer, but for the connection") {
  ServedArchives served;
  for (const std::string path : {"/tiles/town/0/0/0.mvt", "/tiles/old/0/0/0.mvt", "/tiles/town/12/2000/1501.mvt", "/tiles/town/12/2000/1500.mvt?v=1"}) {
    for (const std::string headers : {"", "Accept-Encoding: gzip\r\n", "Origin: https://x.example\r\n"}) {
      CAPTURE(path, headers);
      const auto quick = served.get_on(path, headers), slow = served.get(path, headers);
      REQUIRE(quick.status == slow.status);
      REQUIRE(quick.body == slow.body);
      for (const auto* name : {"ETag", "Content-Type", "Content-Length", "Cache-Control", "Vary", "Content-Encoding", "Access-Control-Allow-Origin", "X-Content-Type-Options"}) {
        CAPTURE(name);
        REQUIRE(quick.header(name) == slow.header(name));
      }
    }
  }
}

TEST_CASE("who has the tile already is answered 304 without it, and HEAD never gets a body") {
  ServedArchives served;
  const auto etag = served.get_on("/tiles/town/0/0/0.mvt").header("ETag");
  for (const auto& list : {etag, "\"x\", W/" + etag, std::string{"*"}}) {
    const auto known = served.get_on("/tiles/town/0/0/0.mvt", "If-None-Match: " + list + "\r\n");
    REQUIRE(known.status == 304);
    REQUIRE(known.header("ETag") == etag);
    REQUIRE(known.header("Cache-Control").starts_with("public"));
    REQUIRE(known.header("Content-Length").empty());
  }
  REQUIRE(served.get_on("/tiles/town/0/0/0.mvt", "If-None-Match: \"x\"\r\n").status == 200);
  const auto head = served.get_on("/tiles/town/0/0/0.mvt", "", "HEAD");
  REQUIRE(head.status == 200);
  REQUIRE(head.header("ETag") == etag);
}

TEST_CASE("a tile that isn't there is 204, one outside the zooms or the world 404, one that is none 400") {
  ServedArchives served;
  for (const std::string name : {"town", "old"}) {
    REQUIRE(served.get_on("/tiles/" + name + "/12/2000/1501.mvt").status == 204);
    REQUIRE(served.get_on("/tiles/" + name + "/13/2000/1501.mvt").status == 404);
    REQUIRE(served.get_on("/tiles/" + name + "/12/4096/0.mvt").status == 404);
    REQUIRE(served.get_on("/tiles/" + name + "/0/-1/0.mvt").status == 404);
    for (const std::string wrong : {"/0/0/0.png", "/0/0/0", "/0/0/x.mvt", "/0/0/1e3.mvt", "/zero/0/0.mvt", "/0/0/99999999999999999999.mvt"}) {
      CAPTURE(wrong);
      REQUIRE(served.get_on("/tiles/" + name + wrong).status == 400);
    }
  }
  REQUIRE(served.get_on("/tiles/city/0/0/0.mvt").status == 404);
  REQUIRE(served.get_on("/tiles/%2e%2e/0/0/0.mvt").status == 400);
  REQUIRE(served.get_on("/elsewhere").status == 404);
}

TEST_CASE("TileJSON names layers, bounds and the address of the tiles, and the list names the archives") {
  ServedArchives served;
  const auto described = served.get("/tiles/town.json").json();
  REQUIRE(described["tilejson"] == "3.0.0");
  REQUIRE(described["name"] == "Town");
  REQUIRE(described["tiles"][0] == "http://cairn.test/tiles/town/{z}/{x}/{y}.mvt");
  REQUIRE(described["vector_layers"][0]["id"] == "signs");
  REQUIRE(described["maxzoom"] == 12);
  REQUIRE(served.get("/tiles/old.json").json()["attribution"] == "its people");
  REQUIRE(served.get("/").json()["archives"].size() == 2);
}

TEST_CASE("an archive itself is read by ranges") {
  ServedArchives served;
  std::ifstream in{served.folder() / "town.pmtiles", std::ios::binary};
  const std::string whole{std::istreambuf_iterator<char>{in}, {}};
  const auto first = served.get("/tiles/town.pmtiles", "Range: bytes=0-126\r\n");
  REQUIRE(first.status == 206);
  REQUIRE(first.body == whole.substr(0, 127));
  REQUIRE(first.header("Content-Range") == "bytes 0-126/" + std::to_string(whole.size()));
  REQUIRE(served.get("/tiles/town.pmtiles").body == whole);
  REQUIRE(served.get("/tiles/town.pmtiles", "Range: bytes=99999999-\r\n").status == 416);
  for (const auto& [conditions, status] : {std::pair{"If-Range: " + first.header("ETag"), 206}, {std::string{"If-Range: \"other\""}, 200}, {"If-Range: W/" + first.header("ETag"), 200}}) {
    CAPTURE(conditions);
    REQUIRE(served.get("/tiles/town.pmtiles", "Range: bytes=0-126\r\n" + conditions + "\r\n").status == status);
  }
  REQUIRE(served.get("/tiles/town.pmtiles", "Range: bytes=0-1,5-9\r\n").body == whole);
  REQUIRE(served.get("/tiles/town.pmtiles", "Range: bytes=-10\r\n").body == whole.substr(whole.size() - 10));
  const auto head = served.get_on("/tiles/town.pmtiles", "", "HEAD");
  REQUIRE(head.header("Content-Length") == std::to_string(whole.size()));
  REQUIRE(served.get("/tiles/town.pmtiles", "Origin: https://x.example\r\n").header("Access-Control-Expose-Headers") == "ETag, Content-Range");
  const auto asked = HttpClient{served.server().port()}.send("OPTIONS /tiles/town.pmtiles HTTP/1.1\r\nHost: a\r\nConnection: close\r\nOrigin: https://x.example\r\nAccess-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: range\r\n\r\n");
  REQUIRE(asked.header("Access-Control-Allow-Headers") == "range");
  REQUIRE(served.get("/tiles/town.pmtiles", "If-None-Match: " + first.header("ETag") + "\r\n").status == 304);
  REQUIRE(served.get("/tiles/old.pmtiles").status == 404);
}

TEST_CASE("an archive that is replaced is served anew, one that is damaged isn't taken") {
  ServedArchives served;
  REQUIRE(served.get_on("/tiles/town/12/2001/1500.mvt").body == "town3501");
  std::ofstream{served.folder() / "bad"} << "no archive";
  fs::rename(served.folder() / "bad", served.folder() / "old.mbtiles");
  tiler::write_pmtiles(served.folder() / "town.pmtiles", kInfo, source_of(tiles_of("city")));
  for (int looks = 0; looks < 500 && served.get_on("/tiles/town/12/2001/1500.mvt").body != "city3501"; ++looks) std::this_thread::sleep_for(std::chrono::milliseconds{20});
  REQUIRE(served.get_on("/tiles/town/12/2001/1500.mvt").body == "city3501");
  REQUIRE(served.get_on("/tiles/old/12/2001/1500.mvt").body == "old3501");
}

TEST_CASE("an address with the archive's version may be kept for ever, with another one not") {
  ServedArchives served;
  const auto listed = served.get("/").json()["archives"];
  REQUIRE(listed[0]["name"] == "old");
  const auto version = listed[1]["version"].get<std::string>();
  REQUIRE(served.get_on("/tiles/town/0/0/0.mvt?v=" + version).header("Cache-Control").ends_with("immutable"));
  REQUIRE(served.get_on("/tiles/town/0/0/0.mvt?v=1").header("Cache-Control").starts_with("public, max-age=60"));
}

TEST_CASE("files with one name, and files that are none, are refused with a sentence") {
  cairn::testing::TemporaryFolder folder;
  tiler::write_pmtiles(folder.path() / "a.pmtiles", kInfo, source_of(tiles_of("a")));
  tiler::write_mbtiles(folder.path() / "a.mbtiles", kInfo, source_of(tiles_of("a")));
  REQUIRE_THROWS_WITH((archives::ArchiveShelf{{folder.path() / "a.pmtiles", folder.path() / "a.mbtiles"}}), ContainsText("served as 'a' already"));
  REQUIRE_THROWS_WITH((archives::ArchiveShelf{{folder.path() / "none.pmtiles"}}), ContainsText("there is no file"));
}

TEST_CASE("a folder's archives come at the start at once, later when they rest, and go with their files") {
  cairn::testing::TemporaryFolder folder;
  const auto write = [&folder](const char* name, const char* word) { tiler::write_archive(folder.path() / name, kInfo, source_of(tiles_of(word))); };
  write("town.pmtiles", "town");
  archives::ArchiveShelf shelf{folder.path(), [](std::string_view name) { return name == "map"; }};
  REQUIRE(shelf.find("town"));

  for (const char* name : {"map.pmtiles", "town.mbtiles", ".hidden.pmtiles", "city.pmtiles"}) write(name, "later");
  std::ofstream{folder.path() / "notes.txt"} << "no archive";
  std::ofstream{folder.path() / "broken.pmtiles"} << "PMTiles?";
  fs::create_directory(folder.path() / "folder.mbtiles");
  shelf.look();
  REQUIRE(shelf.all().size() == 1);
  shelf.look();
  REQUIRE(shelf.all().size() == 2);
  REQUIRE(shelf.find("city"));
  REQUIRE(shelf.find("town")->path.extension() == ".pmtiles");

  fs::remove(folder.path() / "town.pmtiles");
  shelf.look();
  REQUIRE(shelf.find("town"));
  REQUIRE(shelf.find("town")->path.extension() == ".mbtiles");
  fs::remove_all(folder.path() / "town.mbtiles");
  shelf.look();
  REQUIRE(shelf.all().size() == 1);
}

TEST_CASE("an archive that is being copied is opened when it is whole") {
  cairn::testing::TemporaryFolder folder;
  tiler::write_pmtiles(folder.path() / "whole", kInfo, source_of(tiles_of("town")));
  std::ifstream in{folder.path() / "whole", std::ios::binary};
  const std::string whole{std::istreambuf_iterator<char>{in}, {}};
  archives::ArchiveShelf shelf{folder.path(), [](std::string_view) { return false; }};
  for (const auto size : {whole.size() / 3, whole.size() / 2, whole.size()}) {
    std::ofstream{folder.path() / "town.pmtiles", std::ios::binary} << whole.substr(0, size);
    shelf.look();
    REQUIRE_FALSE(shelf.find("town"));
  }
  shelf.look();
  REQUIRE(shelf.find("town"));
}
