// What a viewer does: finds pictures around a place, steps from one to the next, loads tiles of pictures and of one user.

#include "services/changes/erase.hpp"
#include "services/store/tiles.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/make_picture.hpp"
#include "tests/random.hpp"
#include "tests/services/gateway/made_drive.hpp"
#include "tests/services/gateway/people.hpp"
#include "tiler/gzip.hpp"
#include "tiler/mvt/mvt_writer.hpp"

#include <algorithm>
#include <cmath>
#include <set>

using namespace cairn;
using namespace cairn::testing;
using nlohmann::json;

namespace {

const LatLon kLund = *LatLon::from_degrees(55.698, 13.195);

/// "next" or "prev" of an item; empty when it has none.
std::string neighbour(const json& item, const std::string& rel) {
  for (const auto& link : item["links"]) {
    if (link["rel"] == rel) return link["id"];
  }
  return {};
}

std::vector<std::string> ids_of(const json& collection) {
  std::vector<std::string> ids;
  for (const auto& item : collection["features"]) ids.push_back(item["id"]);
  return ids;
}

/// What a search around the middle of the box must find: by distance, then by id.
std::vector<std::string> nearest_of(std::vector<store::FrameRow> frames, LatLon centre, std::size_t count) {
  std::ranges::sort(frames, {}, [&](const auto& frame) { return ground_distance_m(frame.place, centre); });
  std::vector<std::string> ids;
  for (const auto& frame : frames) ids.push_back(frame.id.text());
  ids.resize(std::min(ids.size(), count));
  return ids;
}

void put_tile(Served& served, TileId tile, const Bytes& mvt) {
  auto session = served.session();
  const store::TileRow row{"panoramax", tile, sha256_of(mvt), served.blobs().put(store::Namespace::public_, tiler::gzipped(mvt, 1)), static_cast<std::int64_t>(mvt.size()), {}};
  session.write([&](store::Session& writer) { store::put_tile(writer, row); });
}

Bytes lines_of(const std::vector<std::string>& owners) {
  tiler::MvtLayer layer{"sequences"};
  for (const auto& owner : owners) {
    layer.text("account_id", owner);
    layer.add_lines({{{0, 0}, {2000, 2000}}});
  }
  Bytes tile;
  layer.append_to(tile);
  return tile;
}

}  // namespace

TEST_CASE("a search over any box gives the pictures nearest to its middle, nearest first") {
  Served served;
  auto session = served.session();
  const auto account = add_person(served, "anna");
  CAPTURE(seed_of_run());
  Random random{seed_of_run()};
  std::vector<store::FrameRow> all;
  for (int i = 0; i < 12; ++i) {
    const double reach_m = std::pow(10.0, 1 + i % 5);
    const auto drive = make_drive(session, served.blobs(), {.name = "drive " + std::to_string(i), .account = account, .frames = 5, .start = moved(kLund, {random.between(-reach_m, reach_m), random.between(-reach_m, reach_m)})});
    all.insert(all.end(), drive.frames.begin(), drive.frames.end());
  }
  for (const double half_deg : {0.001, 0.1, 5.0}) {
    for (const std::size_t limit : {1u, 7u, 100u}) {
      CAPTURE(half_deg, limit);
      const auto text = [](double value) { return std::to_string(value); };
      const auto box = text(13.195 - half_deg) + "," + text(55.698 - half_deg) + "," + text(13.195 + half_deg) + "," + text(55.698 + half_deg);
      auto inside = all;
      std::erase_if(inside, [&](const auto& frame) { return std::abs(frame.place.lat_deg() - 55.698) > half_deg || std::abs(frame.place.lon_deg() - 13.195) > half_deg; });
      REQUIRE(ids_of(served.client().get("/api/search?bbox=" + box + "&limit=" + std::to_string(limit)).json()) == nearest_of(inside, kLund, limit));
    }
  }
}

TEST_CASE("pictures link to the ones before and behind them, alone, in lists and in searches, in the order that is shown") {
  Served served;
  auto session = served.session();
  const auto drive = make_drive(session, served.blobs(), {.account = add_person(served, "anna"), .frames = 5});
  const auto collection = "/api/collections/" + drive.sequence.text();
  const auto get = [&](const std::string& path) { return served.client().get(path).json(); };
  for (const bool reversed : {false, true}) {
    CAPTURE(reversed);
    if (reversed) served.client().request("PATCH", collection, "application/json", R"({"sortby": "-gpsdate"})", bearer_of(served, "anna", "upload read"));
    auto order = drive.frames;
    if (reversed) std::ranges::reverse(order);
    for (std::size_t i = 0; i < order.size(); ++i) {
      const auto id = order[i].id.text();
      const auto previous = i > 0 ? order[i - 1].id.text() : "", next = i + 1 < order.size() ? order[i + 1].id.text() : "";
      for (const auto& item : {get("/api/pictures/" + id), get(collection + "/items")["features"][i], get("/api/search?ids=" + id)["features"][0],
                               get(collection + "/items?limit=1&startAfterRank=" + std::to_string(i))["features"][0]}) {
        REQUIRE(item["id"] == id);
        REQUIRE(neighbour(item, "prev") == previous);
        REQUIRE(neighbour(item, "next") == next);
      }
    }
  }
}

TEST_CASE("a feed for mirrors tells nothing of what its reader may not see") {
  Served served{where_tokens_are_needed()};
  auto session = served.session();
  const auto drive = make_drive(session, served.blobs(), {.name = "way to the doctor", .account = add_person(served, "anna")});
  const auto anna = bearer_of(served, "anna", "upload read");
  const auto feed = [&](const std::string& who) { return served.client().get("/api/collections?format=rss&show_deleted=true", who).body; };
  REQUIRE(feed("").find("way to the doctor") != std::string::npos);
  REQUIRE(served.client().request("PATCH", "/api/collections/" + drive.sequence.text(), "application/json", R"({"visibility": "owner-only"})", anna).status == 200);
  REQUIRE(feed("").find("way to the doctor") == std::string::npos);
  REQUIRE(feed(anna).find("way to the doctor") != std::string::npos);
}

TEST_CASE("users are listed page by page and found by any part of their name, without those who were erased") {
  Served served;
  const auto names = [&](const json& list, const char* key) {
    std::set<std::string> all;
    for (const auto& user : list) all.insert(user[key]);
    return all;
  };
  for (const char* name : {"anna", "Hannah", "50%_off", "gone"}) add_person(served, name);
  auto session = served.session();
  changes::erase_account(session, store::find_account_named(session, "gone")->id, kNow);
  std::set<std::string> found;
  for (std::string path = "/api/users?limit=2"; !path.empty();) {
    const auto page = served.client().get(path).json();
    REQUIRE(page["users"].size() <= 2);
    found.merge(names(page["users"], "name"));
    path.clear();
    for (const auto& link : page["links"]) {
      if (link["rel"] == "next") path = std::string{link["href"]}.substr(std::string{link["href"]}.find("/api/"));
    }
  }
  REQUIRE(found == std::set<std::string>{"anna", "Hannah", "50%_off", "local"});
  const auto search = [&](const std::string& part) { return names(served.client().get("/api/users/search?q=" + gateway::percent_encoded(part)).json()["features"], "label"); };
  REQUIRE(search("ANNA") == std::set<std::string>{"anna", "Hannah"});
  REQUIRE(search("%_") == std::set<std::string>{"50%_off"});
  REQUIRE(search("%a").empty());
  REQUIRE(served.client().get("/api/users?page=two").status == 400);
}

TEST_CASE("a 360 picture announces its tiles, and each of them can be fetched once and kept") {
  Served served;
  auto session = served.session();
  const auto account = add_person(served, "anna");
  const auto round = make_drive(session, served.blobs(), {.account = account, .frames = 1, .projection = Projection::equirectangular, .redacted = make_jpeg(1024, 512)});
  const auto picture = "/api/pictures/" + round.frames[0].id.text();
  const auto item = served.client().get(picture).json();
  const auto matrix = item["properties"]["tiles:tile_matrix_sets"]["geovisio"]["tileMatrix"][0];
  REQUIRE(matrix["matrixWidth"].get<int>() * matrix["tileWidth"].get<int>() >= 1024);
  REQUIRE(item["asset_templates"]["tiles"]["href"].get<std::string>().ends_with(picture + "/tiled/{TileCol}_{TileRow}.jpg"));
  for (int row = 0; row < matrix["matrixHeight"]; ++row) {
    for (int column = 0; column < matrix["matrixWidth"]; ++column) {
      const auto path = picture + "/tiled/" + std::to_string(column) + "_" + std::to_string(row) + ".jpg";
      const auto tile = served.client().get(path);
      REQUIRE(tile.status == 200);
      REQUIRE(tile.body.starts_with("\xff\xd8"));
      REQUIRE(served.client().get(path, "If-None-Match: " + tile.header("ETag") + "\r\n").status == 304);
    }
  }
  for (const char* name : {"4_0.jpg", "0_2.jpg", "-1_0.jpg", "0.jpg", "0_0.png", "99999999999999999999_0.jpg", "_.jpg"}) {
    CAPTURE(name);
    REQUIRE(served.client().get(picture + "/tiled/" + name).status == 404);
  }
  const auto flat = make_drive(session, served.blobs(), {.name = "flat", .account = account, .frames = 1});
  REQUIRE(served.client().get("/api/pictures/" + flat.frames[0].id.text() + "/tiled/0_0.jpg").status == 404);
  REQUIRE_FALSE(served.client().get("/api/pictures/" + flat.frames[0].id.text()).json().contains("asset_templates"));
}

TEST_CASE("tiles of a 360 picture are not served once it is hidden, and not to shared caches while only its owner may see it") {
  Served served{where_tokens_are_needed()};
  auto session = served.session();
  const auto account = add_person(served, "anna");
  const auto anna = bearer_of(served, "anna", "upload read");
  const auto round = make_drive(session, served.blobs(), {.account = account, .frames = 1, .projection = Projection::equirectangular, .redacted = make_jpeg(1024, 512)});
  const auto picture = "/api/pictures/" + round.frames[0].id.text(), tile = picture + "/tiled/0_0.jpg";
  REQUIRE(served.client().get(tile).status == 200);
  REQUIRE(served.client().request("PATCH", picture, "application/json", R"({"visibility": "owner-only"})", anna).status == 200);
  REQUIRE(served.client().get(tile).status == 404);
  const auto own = served.client().get(tile, anna);
  REQUIRE(own.status == 200);
  REQUIRE(own.header("Cache-Control") == "private, no-store");
}

TEST_CASE("a user's tiles hold that user's lines only, at every zoom") {
  Served served;
  auto session = served.session();
  const auto anna = add_person(served, "anna"), bob = add_person(served, "bob");
  make_drive(session, served.blobs(), {.account = anna});
  put_tile(served, tile_of(kLund, 7), lines_of({anna.text(), bob.text()}));
  put_tile(served, tile_of(kLund, 12), lines_of({anna.text(), bob.text()}));
  for (const int zoom : {0, 6, 7, 12}) {
    CAPTURE(zoom);
    const auto tile = served.client().get("/api/users/" + anna.text() + "/map/" + tile_of(kLund, zoom).text() + ".mvt");
    REQUIRE(tile.status == 200);
    REQUIRE(tile.header("Content-Type") == "application/vnd.mapbox-vector-tile");
    REQUIRE(tile.body.find(anna.text()) != std::string::npos);
    REQUIRE(tile.body.find(bob.text()) == std::string::npos);
  }
  REQUIRE(served.client().get("/api/users/" + bob.text() + "/map/0/0/0.mvt").body.empty());   // has lines in tiles, but no sequence
  REQUIRE(served.client().get("/api/users/" + anna.text() + "/map/9/0/0.mvt").body.empty());
  REQUIRE(served.client().get("/api/users/" + Uuid{}.text() + "/map/0/0/0.mvt").status == 404);
  REQUIRE(served.client().get("/api/users/" + anna.text() + "/map/16/0/0.mvt").status == 404);
  REQUIRE(served.client().get("/api/users/" + anna.text() + "/map/1/0/0.png").status == 400);
}
