// What owners change, hide and take away, and what readers report.

#include "services/changes/dropped_blobs.hpp"
#include "services/store/accounts.hpp"
#include "services/store/jobs.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/make_picture.hpp"
#include "tests/services/gateway/made_drive.hpp"

#include <algorithm>

using namespace cairn;
using namespace cairn::testing;
using nlohmann::json;

namespace {

/// A drive of anna's on a server that asks for tokens.
struct Owned {
  Served served{[] {
    gateway::GatewayOptions options;
    options.auth_required = true;
    return options;
  }()};
  std::string anna, ben;
  MadeDrive drive;

  Owned() {
    auto session = served.session();
    AccountId owner;
    session.write([&](store::Session& writer) {
      owner = store::account_named(writer, "anna", kNow).id;
      anna = "Authorization: Bearer " + store::make_token(writer, owner, "", "upload read", kNow) + "\r\n";
      ben = "Authorization: Bearer " + store::make_token(writer, store::account_named(writer, "ben", kNow).id, "", "upload read", kNow) + "\r\n";
    });
    drive = make_drive(session, served.blobs(), {.account = owner});
  }

  Answer ask(const std::string& method, const std::string& path, const std::string& who = {}, const json& body = nullptr) const {
    return served.client().request(method, path, body.is_null() ? "" : "application/json", body.is_null() ? "" : body.dump(), who);
  }
  std::string collection() const { return "/api/collections/" + drive.sequence.text(); }
  std::string picture(std::size_t i = 0) const { return "/api/pictures/" + drive.frames[i].id.text(); }
  std::size_t items(const std::string& who = {}) const { return ask("GET", collection() + "/items", who).json()["features"].size(); }
  int queued(store::Stage stage) const {
    auto session = served.session();
    for (const auto& depth : store::queue_depths(session)) {
      if (depth.stage == stage) return depth.queued;
    }
    return 0;
  }
};

}  // namespace

TEST_CASE("only its owner may change or delete a picture, a collection or an upload set") {
  Owned owned;
  for (const auto& path : {owned.picture(), owned.collection(), "/api/upload_sets/" + owned.drive.set.text()}) {
    REQUIRE(owned.ask("PATCH", path, "", json::object()).status == 401);
    REQUIRE(owned.ask("PATCH", path, owned.ben, json::object()).status == 403);
    REQUIRE(owned.ask("DELETE", path).status == 401);
    REQUIRE(owned.ask("DELETE", path, owned.ben).status == 403);
  }
  REQUIRE(owned.items() == 6);
}

TEST_CASE("a deleted picture is gone from every answer at once, and its tiles and sequence are made again") {
  Owned owned;
  REQUIRE(owned.ask("DELETE", owned.picture(2), owned.anna).status == 204);
  for (const auto& who : {std::string{}, owned.anna}) {
    REQUIRE(owned.ask("GET", owned.picture(2), who).status == 404);
    REQUIRE(owned.ask("GET", owned.picture(2) + "/sd.jpg", who).status == 404);
    REQUIRE(owned.items(who) == 5);
    REQUIRE(owned.ask("GET", "/api/search?ids=" + owned.drive.frames[2].id.text(), who).json()["features"].empty());
  }
  REQUIRE(owned.ask("GET", owned.collection()).json()["stats:items"]["count"] == 5);
  REQUIRE(owned.queued(store::Stage::tile) > 0);
  REQUIRE(owned.queued(store::Stage::fuse) == 1);
  REQUIRE(owned.ask("DELETE", owned.picture(2), owned.anna).status == 404);
}

TEST_CASE("the bytes of a deleted picture go after the grace, those of others stay") {
  Owned owned;
  auto session = owned.served.session();
  const auto gone = *owned.drive.frames[0].hd;
  const auto kept = *owned.drive.frames[1].hd;
  owned.ask("DELETE", owned.picture(0), owned.anna);
  REQUIRE(changes::remove_dropped_blobs(session, owned.served.blobs(), kNow + std::chrono::hours{1}) == 0);
  REQUIRE(owned.served.blobs().has(store::Namespace::public_, gone));
  // Put again just now: whoever did that may be about to write its row.
  REQUIRE(changes::remove_dropped_blobs(session, owned.served.blobs(), kNow + std::chrono::hours{25}) == 0);
  REQUIRE(owned.served.blobs().has(store::Namespace::public_, gone));
  std::filesystem::last_write_time(owned.served.blobs().path_of(store::Namespace::public_, gone), std::filesystem::file_time_type::clock::now() - std::chrono::hours{25});
  REQUIRE(changes::remove_dropped_blobs(session, owned.served.blobs(), kNow + std::chrono::hours{50}) > 0);
  REQUIRE_FALSE(owned.served.blobs().has(store::Namespace::public_, gone));
  REQUIRE(owned.served.blobs().has(store::Namespace::public_, kept));
}

TEST_CASE("a deleted collection stays known to those who mirror the catalogue") {
  Owned owned;
  REQUIRE(owned.ask("DELETE", owned.collection(), owned.anna).status == 204);
  REQUIRE(owned.ask("GET", owned.collection()).status == 404);
  REQUIRE(owned.ask("GET", "/api/collections").json()["collections"].empty());
  const auto crawled = owned.ask("GET", "/api/collections?show_deleted=true").json()["collections"];
  REQUIRE(crawled.size() == 1);
  REQUIRE(crawled[0] == json{{"id", owned.drive.sequence.text()}, {"geovisio:status", "deleted"}});
}

TEST_CASE("an upload set is deleted with everything in it") {
  Owned owned;
  REQUIRE(owned.ask("DELETE", "/api/upload_sets/" + owned.drive.set.text(), owned.anna).status == 204);
  REQUIRE(owned.ask("GET", "/api/upload_sets/" + owned.drive.set.text(), owned.anna).status == 404);
  REQUIRE(owned.ask("GET", owned.collection(), owned.anna).status == 404);
  REQUIRE(owned.ask("GET", owned.picture(), owned.anna).status == 404);
}

TEST_CASE("what is for its owner or for the logged in only is not there for others") {
  Owned owned;
  const auto seen_by = [&](const std::string& who) {
    return std::pair{owned.ask("GET", owned.picture(), who).status, owned.ask("GET", owned.picture() + "/thumb.jpg", who).status};
  };
  REQUIRE(owned.ask("PATCH", owned.picture(), owned.anna, {{"visibility", "owner-only"}}).status == 200);
  REQUIRE(seen_by("") == std::pair{404, 404});
  REQUIRE(seen_by(owned.ben) == std::pair{404, 404});
  REQUIRE(seen_by(owned.anna) == std::pair{200, 200});
  REQUIRE(owned.items() == 5);
  REQUIRE(owned.items(owned.anna) == 6);
  REQUIRE(owned.ask("GET", owned.collection()).json()["stats:items"]["count"] == 5);
  REQUIRE(owned.ask("GET", "/api/upload_sets/" + owned.drive.set.text() + "/status", owned.anna).json()["sequences"][0]["accepted"] == 6);
  REQUIRE(owned.ask("PATCH", owned.picture(), owned.anna, {{"visibility", "logged-only"}}).status == 200);
  REQUIRE(seen_by("") == std::pair{404, 404});
  REQUIRE(seen_by(owned.ben) == std::pair{200, 200});
  REQUIRE(owned.ask("PATCH", owned.collection(), owned.anna, {{"visibility", "owner-only"}}).status == 200);
  REQUIRE(owned.ask("GET", owned.collection(), owned.ben).status == 404);
  REQUIRE(owned.ask("PATCH", owned.collection(), owned.anna, {{"visibility", "anyone"}}).status == 200);
  REQUIRE(owned.ask("PATCH", owned.picture(), owned.anna, {{"visibility", "anyone"}}).status == 200);
  REQUIRE(seen_by("") == std::pair{200, 200});
}

TEST_CASE("what only some may see is kept out of shared caches") {
  Owned owned;
  owned.ask("PATCH", owned.picture(), owned.anna, {{"visibility", "owner-only"}});
  REQUIRE(owned.ask("GET", owned.picture() + "/hd.jpg", owned.anna).header("Cache-Control") == "private, no-store");
}

TEST_CASE("what an owner states about a picture is shown instead of what was found") {
  Owned owned;
  const auto answer = owned.ask("PATCH", owned.picture(), owned.anna, {{"heading", 90}, {"longitude", 13.5}, {"latitude", 55.5}, {"capture_time", "2014-06-07T10:00:00+02:00"}});
  REQUIRE(answer.status == 200);
  const auto item = owned.ask("GET", owned.picture()).json();
  REQUIRE(item["geometry"]["coordinates"] == json{13.5, 55.5});
  REQUIRE(item["properties"]["view:azimuth"] == 90);
  REQUIRE(item["properties"]["datetime"] == "2014-06-07T08:00:00.000000+00:00");
  REQUIRE(owned.ask("PATCH", owned.picture(), owned.anna, json::object()).status == 304);
}

TEST_CASE("a collection is shown in the order that its owner wants") {
  Owned owned;
  REQUIRE(owned.ask("PATCH", owned.collection(), owned.anna, {{"sortby", "-filename"}}).status == 200);
  const auto items = owned.ask("GET", owned.collection() + "/items?limit=2").json()["features"];
  REQUIRE(items[0]["id"] == owned.drive.frames[5].id.text());
  REQUIRE(items[0]["properties"]["geovisio:rank_in_collection"] == 1);
  const auto rest = owned.ask("GET", owned.collection() + "/items?limit=9&startAfterRank=2").json()["features"];
  REQUIRE(rest.size() == 4);
  REQUIRE(owned.ask("PATCH", owned.collection(), owned.anna, {{"sortby", "++gpsdate"}}).status == 400);
}

TEST_CASE("tags are found by searching for them") {
  Owned owned;
  const json tags{{"semantics", {{{"key", "osm|traffic_sign"}, {"value", "yes"}}}}};
  REQUIRE(owned.ask("PATCH", owned.picture(3), owned.anna, tags).json()["properties"]["semantics"] == tags["semantics"]);
  const auto found = [&](const std::string& filter) { return owned.ask("GET", "/api/search?filter=" + gateway::percent_encoded(filter)).json()["features"]; };
  REQUIRE(found("\"semantics.osm|traffic_sign\" = 'yes'").size() == 1);
  REQUIRE(found("\"semantics.osm|traffic_sign\" = 'no'").empty());
  REQUIRE(found("semantics IS NOT NULL AND \"view:azimuth\" < 10")[0]["id"] == owned.drive.frames[3].id.text());
  owned.ask("PATCH", owned.picture(3), owned.anna, {{"semantics", {{{"key", "osm|traffic_sign"}, {"value", "yes"}, {"action", "delete"}}}}});
  REQUIRE(found("semantics IS NOT NULL").empty());
}

TEST_CASE("a picture reported for privacy is hidden at once, and its owner can show it again") {
  Owned owned;
  const auto report = owned.served.client().post_json("/api/reports", {{"issue", "privacy"}, {"picture_id", owned.drive.frames[1].id.text()}, {"reporter_email", "me@example.org"}});
  REQUIRE(report.status == 200);
  REQUIRE(report.json()["status"] == "open_autofix");
  REQUIRE_FALSE(report.json().contains("reporter_email"));
  REQUIRE(owned.ask("GET", owned.picture(1)).status == 404);
  const auto path = "/api/reports/" + report.json()["id"].get<std::string>();
  REQUIRE(owned.ask("GET", path).status == 401);
  REQUIRE(owned.ask("GET", path, owned.ben).status == 403);
  REQUIRE(owned.ask("GET", path, owned.anna).json()["reporter_email"] == "me@example.org");
  REQUIRE(owned.ask("PATCH", path, owned.anna, {{"status", "closed_solved"}}).json()["status"] == "closed_solved");
  REQUIRE(owned.ask("PATCH", owned.picture(1), owned.anna, {{"visibility", "anyone"}}).status == 200);
  REQUIRE(owned.ask("GET", owned.picture(1)).status == 200);
}

TEST_CASE("a harmless report hides nothing") {
  Owned owned;
  REQUIRE(owned.served.client().post_json("/api/reports", {{"issue", "mislocated"}, {"sequence_id", owned.drive.sequence.text()}}).json()["status"] == "open");
  REQUIRE(owned.items() == 6);
}

TEST_CASE("bad text, bad JSON and values out of range are answered 400 with a reason, and change nothing") {
  Owned owned;
  const auto patch = [&](const std::string& path, const std::string& body) { return owned.served.client().request("PATCH", path, "application/json", body, owned.anna).status; };
  const std::string deep = std::string(10'000, '[') + std::string(10'000, ']');
  for (const std::string body : {R"({"title": "\ud800"})", R"({"title": "a\u202eb"})", R"({"title": ""})", R"({"heading": 1e400, "title": 7})", R"({"title": "a", "title": "b"})",
                                 R"({"semantics": [{"key": "", "value": "x"}]})", R"({"semantics": {"key": "a"}})", R"({"visibility": "everyone"})", "{", "[]", "null", "\xff\xfe"}) {
    CAPTURE(body);
    REQUIRE(patch(owned.collection(), body) == 400);
  }
  REQUIRE(patch(owned.collection(), R"({"title": ")" + std::string(1000, 'x') + R"("})") == 400);
  REQUIRE(patch(owned.collection(), deep) == 400);
  for (const std::string body : {R"({"heading": 400})", R"({"heading": "north"})", R"({"longitude": 13})", R"({"longitude": 181, "latitude": 1})", R"({"capture_time": "yesterday"})", R"({"pitch": 91})"}) {
    CAPTURE(body);
    REQUIRE(patch(owned.picture(), body) == 400);
  }
  REQUIRE(owned.ask("GET", owned.collection()).json()["title"] == "Title of drive");
}

TEST_CASE("an id chosen by the client becomes the picture's id, once") {
  Served served;
  const auto set = served.client().post_json("/api/upload_sets", {{"title", "a"}}).json()["id"].get<std::string>();
  const auto id = Uuid::random().text();
  const auto send = [&](int width) {
    const auto bytes = std::string{text_of(with_tags(make_jpeg(width), place_tags() + time_tags()))};
    return served.client().post_file("/api/upload_sets/" + set + "/files", std::to_string(width) + ".jpg", bytes, {{"picture_id", id}});
  };
  REQUIRE(send(400).json()["picture_id"] == id);
  REQUIRE(send(404).status == 409);
  const auto files = served.client().get("/api/upload_sets/" + set + "/files").json()["files"];
  // Both came at the same instant of the test's clock: they have no order.
  REQUIRE(std::ranges::count_if(files, [](const auto& file) { return file.contains("rejected") && file["rejected"]["reason"] == "id_conflict"; }) == 1);
}

TEST_CASE("a collection of the older path shows each picture from the moment it was sent") {
  Served served;
  const auto made = served.client().post("/api/collections", "text/plain;charset=UTF-8", R"({"title": "pjs"})").json();
  REQUIRE(made["title"] == "pjs");
  const std::string items = "/api/collections/" + made["id"].get<std::string>() + "/items";
  const auto send = [&](int width, const std::string& position, const std::string& name = "a.jpg") {
    const auto bytes = std::string{text_of(with_tags(make_jpeg(width), place_tags() + time_tags()))};
    return served.client().post(items, "multipart/form-data; boundary=cut",
                                "--cut\r\nContent-Disposition: form-data; name=\"position\"\r\n\r\n" + position +
                                    "\r\n--cut\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"" + name + "\"\r\n\r\n" + bytes + "\r\n--cut--\r\n");
  };
  const auto item = send(400, "1");
  REQUIRE(item.status == 202);
  REQUIRE(served.client().get(items + "/" + item.json()["id"].get<std::string>()).json()["properties"]["geovisio:status"] == "waiting-for-process");
  REQUIRE(send(404, "1").status == 409);
  REQUIRE(send(404, "0").status == 400);
  REQUIRE(send(404, "2").status == 202);
  std::string long_name = "x";
  for (int i = 0; i < 120; ++i) long_name += "ä";   // cut for its position, in the middle of a letter
  const auto named = send(408, "3", long_name).json();
  REQUIRE(gateway::is_plain_text(named["properties"]["original_file:name"].get<std::string>()));
}
