#include "services/changes/feed.hpp"
#include "services/gateway/map/tile_meter.hpp"
#include "services/store/accounts.hpp"
#include "services/store/tiles.hpp"
#include "tests/catch.hpp"
#include "tests/services/gateway/served.hpp"
#include "tiler/gzip.hpp"

#include <thread>

using namespace cairn;
using namespace cairn::testing;

namespace {

const auto kTile = *TileId::from_zxy(14, 8800, 5370);
const std::string kPath = "/tiles/map/14/8800/5370.mvt";

void put_content(Served& served, const std::string& content, bool tell = true) {
  const auto blob = served.blobs().put(store::Namespace::public_, tiler::gzipped(bytes_of(content), 1));
  served.session().write([&](store::Session& session) {
    store::put_tile(session, {"map", kTile, sha256_of(content), blob, 10, {}});
    if (tell) changes::tell_tile(session, "map", kTile, std::nullopt, sha256_of(content), kNow);
  });
}

/// Over a connection that stays, so by the short way where there is one.
Answer get_on(const Served& served, const std::string& path, const std::string& headers = {}) {
  const auto both = served.client().send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\nGET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  auto first = both;
  const auto length = first.header("Content-Length");
  first.body.resize(length.empty() || first.status == 304 ? 0 : std::stoul(length));
  return first;
}

template <class Condition>
bool comes_true(Condition condition) {
  for (int tries = 0; tries < 500; ++tries) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return false;
}

/// Leaves "old" in memory and "new" in the catalogue, without a word about it.
bool old_is_kept(Served& served) {
  return comes_true([&] {
    put_content(served, "old");  // said, so that nothing newer from an earlier try stays
    get_on(served, kPath);
    put_content(served, "new", false);
    return get_on(served, kPath).body == "old";
  });
}

}  // namespace

TEST_CASE("a tile that was asked for before comes from memory, until the catalogue says that it changed") {
  Served served;
  REQUIRE(old_is_kept(served));
  put_content(served, "newer");
  REQUIRE(comes_true([&] { return get_on(served, kPath).body == "newer"; }));
  REQUIRE(old_is_kept(served));
  served.session().write([](store::Session& session) {
    store::put_tile(session, {"map", kTile, {}, {}, 0, {}});
    changes::tell_tile(session, "map", kTile, sha256_of("new"), std::nullopt, kNow);
  });
  REQUIRE(comes_true([&] { return get_on(served, kPath).status == 204; }));
}

TEST_CASE("from memory and from the catalogue the answer is the same") {
  Served served;
  put_content(served, std::string(3000, 'm'));
  const auto version = sha256_of(std::string(3000, 'm')).hex();
  for (const auto& path : {kPath, kPath + "?v=" + version, std::string{"/tiles/map/14/1/1.pbf"}, std::string{"/tiles/panoramax/15/1/1.mvt"}, std::string{"/tiles/coverage/14/1/1.png"}, std::string{"/api/map/15/1/1.mvt"}}) {
    const auto etag = served.client().get(path).header("ETag");
    for (const std::string& headers : {std::string{}, std::string{"Accept-Encoding: gzip\r\n"}, std::string{"Accept-Encoding: br, gzip;q=0\r\n"}, std::string{"Origin: https://x.example\r\n"}, std::string{"If-None-Match: *\r\n"},
                                       "If-None-Match: \"other\", W/" + etag + "\r\n"}) {
      CAPTURE(path, headers);
      const auto catalogue = served.client().get(path, headers);
      const auto memory = get_on(served, path, headers);
      REQUIRE(memory.status == catalogue.status);
      REQUIRE(memory.body == catalogue.body);
      for (const auto* name : {"ETag", "Content-Type", "Cache-Control", "Vary", "Content-Encoding", "Access-Control-Allow-Origin", "X-Tile-State", "X-Content-Type-Options"}) REQUIRE(memory.header(name) == catalogue.header(name));
    }
  }
}

TEST_CASE("a tile that is ready and whose file is gone goes the long way instead of breaking the connection") {
  Served served;
  const std::string content(3000, 'm');
  put_content(served, content);
  for (int turn = 0; turn < 2; ++turn) REQUIRE(get_on(served, kPath, "Accept-Encoding: gzip\r\n").status == 200);
  auto session = served.session();
  const auto row = store::find_tile(session, "map", kTile);
  REQUIRE(row);
  REQUIRE(std::filesystem::remove(served.blobs().path_of(store::Namespace::public_, row->blob.value())));
  const auto answer = get_on(served, kPath, "Accept-Encoding: gzip\r\n");
  REQUIRE(answer.status == 200);
  REQUIRE(text_of(tiler::gunzipped(bytes_of(answer.body), 10'000)) == content);
}

TEST_CASE("an address with the tile's version may be kept for ever, with another one it is the common one") {
  Served served;
  put_content(served, "tile");
  const auto version = sha256_of(std::string{"tile"}).hex();
  for (int turn = 0; turn < 3; ++turn) {
    REQUIRE(get_on(served, kPath + "?v=" + version).header("Cache-Control").ends_with("immutable"));
    REQUIRE(get_on(served, kPath + "?v=" + version.substr(0, 16)).header("Cache-Control").ends_with("immutable"));
    for (const auto& other : {version.substr(0, 15), std::string(64, '0'), std::string{}}) REQUIRE(get_on(served, kPath + "?v=" + other).header("Cache-Control").starts_with("public, max-age=5,"));
  }
}

TEST_CASE("a key is a token in the address or the header, and one that isn't valid is refused at once") {
  Served served;
  put_content(served, "tile");
  std::string secret;
  served.session().write([&](store::Session& session) { secret = store::make_token(session, store::account_named(session, "anna", kNow).id, "map", "read", kNow); });
  for (int turn = 0; turn < 3; ++turn) {
    REQUIRE(get_on(served, kPath).status == 200);
    REQUIRE(get_on(served, kPath + "?key=" + secret).status == 200);
    REQUIRE(get_on(served, kPath, "Authorization: Bearer " + secret + "\r\n").status == 200);
    REQUIRE(get_on(served, kPath + "?key=cairn_none").status == 401);
    REQUIRE(get_on(served, kPath, "Authorization: Bearer none\r\n").status == 401);
    REQUIRE(get_on(served, kPath, "Authorization: Basic none\r\n").status == 401);
  }
}

TEST_CASE("a key that was revoked is refused with 403, in the address and in the header") {
  Served served;
  put_content(served, "tile");
  std::string secret;
  served.session().write([&](store::Session& session) {
    const auto account = store::account_named(session, "anna", kNow).id;
    secret = store::make_token(session, account, "map", "read", kNow);
    store::revoke_token(session, store::tokens_of(session, account).front().id, kNow);
  });
  for (const auto& path : {kPath, std::string{"/tiles/coverage/14/1/1.png"}}) {
    REQUIRE(get_on(served, path + "?key=" + secret).status == 403);
    REQUIRE(get_on(served, path, "Authorization: Bearer " + secret + "\r\n").status == 403);
  }
}

TEST_CASE("HEAD tells of a tile what GET tells, and a browser that asks beforehand may fetch tiles") {
  Served served;
  put_content(served, std::string(3000, 'm'));
  const auto whole = served.client().get(kPath);
  for (int turn = 0; turn < 3; ++turn) {
    const auto head = served.client().send("HEAD " + kPath + " HTTP/1.1\r\nHost: a\r\n" + (turn == 0 ? "Connection: close\r\n" : "") + "\r\nHEAD " + kPath + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    REQUIRE(head.status == 200);
    REQUIRE(head.body.find('m' + std::string(8, 'm')) == std::string::npos);
    for (const auto* name : {"ETag", "Content-Length", "Content-Type", "Cache-Control"}) REQUIRE(head.header(name) == whole.header(name));
  }
  const auto asked = served.client().send("OPTIONS " + kPath + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nOrigin: https://x.example\r\nAccess-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: range\r\n\r\n");
  REQUIRE(asked.status == 200);
  REQUIRE(asked.header("Access-Control-Allow-Origin") == "https://x.example");
  REQUIRE(asked.header("Access-Control-Allow-Headers") == "range");
}

TEST_CASE("an empty answer says whether the tile is empty or not built yet") {
  Served served;
  for (int turn = 0; turn < 3; ++turn) REQUIRE(get_on(served, kPath).header("X-Tile-State") == "not-built");
  served.session().write([](store::Session& session) { store::put_tile(session, {"map", kTile, {}, {}, 0, sha256_of(std::string{"what it hands up"})}); });  // no event: no reader misses anything
  for (int turn = 0; turn < 3; ++turn) REQUIRE(get_on(served, kPath).header("X-Tile-State") == "empty");
}

TEST_CASE("the holder of a token gets so many tiles a day, and then learns when to come back") {
  gateway::GatewayOptions options;
  options.limits.token_tiles_per_day = 5;
  Served served{options};
  put_content(served, "tile");
  std::string secret;
  served.session().write([&](store::Session& session) { secret = store::make_token(session, store::account_named(session, "anna", kNow).id, "map", "read", kNow); });
  for (int turn = 0; turn < 5; ++turn) REQUIRE(get_on(served, kPath + "?key=" + secret).status == 200);
  const auto refused = get_on(served, kPath + "?key=" + secret);
  REQUIRE(refused.status == 429);
  REQUIRE(refused.header("Retry-After") == "43200");
  REQUIRE(get_on(served, kPath).status == 200);
}

TEST_CASE("what was served is written in batches, by token and day, and counts on from there") {
  ScratchFolder scratch;
  store::Session catalogue{scratch.database()};
  store::migrate(catalogue);
  const auto today = store::day_of(kNow);
  gateway::TileMeter meter{scratch.database(), 4, [] { return kNow; }};
  REQUIRE(meter.verdict_on("secret") == gateway::TileMeter::Verdict::unknown);
  meter.learn("secret", "a", 1);
  for (int i = 0; i < 3; ++i) meter.count("secret", 1000);
  meter.count("", 500);
  REQUIRE(store::tile_use_of(catalogue, "a", today).tiles == 0);
  meter.write();
  REQUIRE(store::tile_use_of(catalogue, "a", today).tiles == 3);
  REQUIRE(store::tile_use_of(catalogue, "a", today).bytes == 3000);
  REQUIRE(store::tile_use_of(catalogue, "", today).bytes == 500);
  REQUIRE(meter.verdict_on("secret") == gateway::TileMeter::Verdict::over);
  REQUIRE(meter.verdict_on("") == gateway::TileMeter::Verdict::welcome);
  meter.write();
  REQUIRE(store::tile_use_of(catalogue, "a", today).tiles == 3);
}

TEST_CASE("a tile that is a picture is sent as it was built, and is remembered, versioned, metered and forgotten like any other") {
  Served served;
  const std::string picture = "a picture";
  const std::string path = "/tiles/coverage/" + kTile.text() + ".png", version = sha256_of(picture).hex();
  const auto put = [&](const std::optional<Sha256>& hash) {
    const auto blob = hash ? std::optional{served.blobs().put(store::Namespace::public_, bytes_of(picture))} : std::nullopt;
    served.session().write([&](store::Session& session) {
      store::put_tile(session, {"coverage", kTile, hash, blob, 9, {}});
      changes::tell_tile(session, "coverage", kTile, std::nullopt, hash, kNow);
    });
  };
  put(sha256_of(picture));
  for (int turn = 0; turn < 3; ++turn) {
    const auto answer = get_on(served, path, "Accept-Encoding: gzip\r\n");
    REQUIRE(answer.status == 200);
    REQUIRE(answer.body == picture);
    REQUIRE(answer.header("Content-Type") == "image/png");
    REQUIRE(answer.header("Content-Encoding").empty());
    REQUIRE(answer.header("ETag") == '"' + version + '"');
    REQUIRE(get_on(served, path, "If-None-Match: \"" + version + "\"\r\n").status == 304);
    REQUIRE(get_on(served, path + "?v=" + version).header("Cache-Control").ends_with("immutable"));
    REQUIRE(get_on(served, path + "?key=cairn_none").status == 401);
    REQUIRE(get_on(served, "/tiles/coverage/14/1/1.png").status == 204);
    REQUIRE(get_on(served, "/tiles/coverage/14/1/1.mvt").status == 400);
    REQUIRE(get_on(served, "/tiles/map/14/1/1.png").status == 400);
    REQUIRE(get_on(served, "/tiles/coverage/15/1/1.png").status == 404);
  }
  REQUIRE(served.client().get("/ogc/collections/coverage/tiles/WebMercatorQuad/14/" + std::to_string(kTile.y()) + "/" + std::to_string(kTile.x())).body == picture);
  const auto described = served.client().get("/tiles/coverage.json").json();
  REQUIRE(described["tiles"][0].get<std::string>().ends_with("/tiles/coverage/{z}/{x}/{y}.png"));
  put(std::nullopt);
  REQUIRE(comes_true([&] { return get_on(served, path).status == 204; }));
}
