// Privacy zones, excluded areas, erasure and export, over HTTP.

#include "services/changes/dropped_blobs.hpp"
#include "tests/catch.hpp"
#include "tests/services/gateway/people.hpp"
#include "tests/services/gateway/pipeline_by_hand.hpp"

using namespace cairn;
using namespace cairn::testing;
using nlohmann::json;

namespace {

const std::string kZones = "/api/users/me/privacy_zones";

std::string circle(double lon, double lat, double radius_m, const std::string& name = "home") {
  return json{{"name", name}, {"shape", {{"type", "Circle"}, {"center", {lon, lat}}, {"radius_m", radius_m}}}}.dump();
}

Answer erase(const Served& served, const json& body, const std::string& headers) { return served.client().request("DELETE", "/api/users/me", "application/json", body.dump(), headers); }

/// Everything that leads to a picture, with its answer's status.
std::vector<int> statuses_around(const Served& served, const store::FrameRow& frame) {
  const auto client = served.client();
  const auto collection = "/api/collections/" + frame.sequence->text();
  std::vector<int> statuses;
  for (const auto& path : {"/api/pictures/" + frame.id.text(), "/api/pictures/" + frame.id.text() + "/hd.jpg", "/api/pictures/" + frame.id.text() + "/sd.jpg",
                           "/api/pictures/" + frame.id.text() + "/thumb.jpg", collection + "/items/" + frame.id.text(), collection + "/thumb.jpg", collection})
    statuses.push_back(client.get(path).status);
  return statuses;
}

const std::vector<int> kAllThere(7, 200), kAllGone(7, 404);

/// A picture of anna at 55.7, 13.2 that is on the map.
store::FrameRow published_of_anna(const Served& served, const std::string& anna) {
  const auto client = served.client();
  const auto set = client.post("/api/upload_sets", "application/json", R"({"title":"Monday"})", anna).json()["id"].get<std::string>();
  const auto body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"1.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n" + picture(640) + "\r\n--b--\r\n";
  REQUIRE(client.post(files_url(set), "multipart/form-data; boundary=b", body, anna).status == 202);
  return publish(served, set);
}

}  // namespace

TEST_CASE("a zone takes a published picture out of every answer at once, and removing it brings nothing back") {
  Served served{where_tokens_are_needed()};
  const auto anna = bearer_of(served, "anna", "upload read");
  const auto frame = published_of_anna(served, anna);
  REQUIRE(statuses_around(served, frame) == kAllThere);
  const auto client = served.client();
  REQUIRE(client.post(kZones, "application/json", circle(13.2, 55.7, 200), bearer_of(served, "bob", "upload")).status == 201);
  REQUIRE(statuses_around(served, frame) == kAllThere);  // somebody else's zone

  const auto made = client.post(kZones, "application/json", circle(13.2, 55.7, 200), anna);
  REQUIRE(made.status == 201);
  REQUIRE(statuses_around(served, frame) == kAllGone);
  REQUIRE(client.get("/api/search?bbox=13,55,14,56", anna).json()["features"].empty());
  REQUIRE(client.get("/api/collections").json()["collections"].empty());
  REQUIRE(client.get("/api/pictures/" + frame.id.text(), anna).status == 404);  // to its owner, too
  const auto files = client.get(files_url(frame.upload_set.text()), anna).json()["files"];
  REQUIRE(files[0]["rejected"]["reason"] == "in_excluded_area");
  REQUIRE_THAT(files[0]["rejected"]["message"].get<std::string>(), ContainsText("privacy zones"));

  const auto id = made.json()["id"].get<std::string>();
  REQUIRE(client.get(kZones, anna).json()["privacy_zones"][0]["id"] == id);
  REQUIRE(remove(client, kZones + "/" + id, bearer_of(served, "bob", "upload")).status == 404);
  REQUIRE(remove(client, kZones + "/" + id, anna).status == 204);
  REQUIRE(remove(client, kZones + "/" + id, anna).status == 404);
  REQUIRE(client.get(kZones, anna).json()["privacy_zones"].empty());
  REQUIRE(statuses_around(served, frame) == kAllGone);
}

TEST_CASE("an owner who moves a picture into an own zone takes it away") {
  Served served{where_tokens_are_needed()};
  const auto anna = bearer_of(served, "anna", "upload read");
  const auto frame = published_of_anna(served, anna);
  const auto client = served.client();
  REQUIRE(client.post(kZones, "application/json", circle(14, 56, 200), anna).status == 201);
  REQUIRE(statuses_around(served, frame) == kAllThere);
  REQUIRE(client.request("PATCH", "/api/pictures/" + frame.id.text(), "application/json", R"({"longitude":14,"latitude":56})", anna).status == 404);
  REQUIRE(statuses_around(served, frame) == kAllGone);
}

TEST_CASE("an area that an administrator excludes holds for everybody, and others may not exclude") {
  Served served{where_tokens_are_needed()};
  const auto anna = bearer_of(served, "anna", "upload read admin");
  const auto frame = published_of_anna(served, anna);
  const auto client = served.client();
  REQUIRE(client.post("/api/excluded_areas", "application/json", circle(13.2, 55.7, 200), anna).status == 403);
  add_person(served, "root", true);
  const auto root = bearer_of(served, "root", "admin");
  const auto made = client.post("/api/excluded_areas", "application/json", circle(13.2, 55.7, 200, "barracks"), root);
  REQUIRE(made.status == 201);
  REQUIRE(statuses_around(served, frame) == kAllGone);
  REQUIRE(client.get("/api/excluded_areas", root).json()["excluded_areas"][0]["name"] == "barracks");
  REQUIRE(client.get(kZones, root).json()["privacy_zones"].empty());
  REQUIRE(remove(client, "/api/excluded_areas/" + made.json()["id"].get<std::string>(), root).status == 204);
}

TEST_CASE("a zone that is none is answered with what is wrong, and changes nothing") {
  Served served{where_tokens_are_needed()};
  const auto anna = bearer_of(served, "anna", "upload read");
  const auto client = served.client();
  const auto answer = [&](const std::string& body) {
    const auto made = client.post(kZones, "application/json", body, anna);
    REQUIRE(made.status == 400);
    return made.json()["message"].get<std::string>();
  };
  for (const std::string body : {"", "[]", "NaN", "{", R"({"name":5})", R"({"name":"a\u0000b","shape":{}})"}) answer(body);
  answer("{\"name\":\"" + std::string(101, 'x') + "\"}");
  REQUIRE_THAT(answer(R"({"shape":{"type":"Circle","center":[NaN,55],"radius_m":100}})"), ContainsText("JSON"));
  REQUIRE_THAT(answer(circle(13, 95, 100)), ContainsText("on the globe"));
  REQUIRE_THAT(answer(circle(13, 55, 1e9)), ContainsText("10 to 10000"));
  REQUIRE_THAT(answer(R"({"shape":{"type":"Polygon","coordinates":[[[0,0],[0.1,0.1],[0.1,0],[0,0.1],[0,0]]]}})"), ContainsText("one simple line"));
  REQUIRE_THAT(answer(R"({"shape":{"type":"Polygon","coordinates":[[[-179.9,2],[179.9,2],[179.9,3],[-179.9,2]]]}})"), ContainsText("antimeridian"));
  REQUIRE_THAT(answer(R"({"shape":{"type":"Polygon","coordinates":)" + std::string(60, '[') + std::string(60, ']') + "}}"), ContainsText("JSON"));
  std::string ring;
  for (int i = 0; i < 20'000; ++i) ring += "[" + std::to_string(i * 1e-6) + ",0],";
  REQUIRE_THAT(answer(R"({"shape":{"type":"Polygon","coordinates":[[)" + ring + "[0,0]]]}}"), ContainsText("1000 corners"));
  REQUIRE(client.post(kZones, "application/json", std::string(2 << 20, ' '), anna).status == 413);
  REQUIRE(client.get(kZones, anna).json()["privacy_zones"].empty());
}

TEST_CASE("an account has at most 100 zones") {
  Served served{where_tokens_are_needed()};
  const auto anna = bearer_of(served, "anna", "upload read");
  const auto client = served.client();
  for (int i = 0; i < 100; ++i) REQUIRE(client.post(kZones, "application/json", circle(i, 0, 100), anna).status == 201);
  const auto more = client.post(kZones, "application/json", circle(13, 55, 100), anna);
  REQUIRE(more.status == 409);
  REQUIRE_THAT(more.json()["message"].get<std::string>(), ContainsText("100 already"));
}

TEST_CASE("an account is erased with its name and a token that may do all, or its name and its password, and with nothing less") {
  Served served{where_tokens_are_needed()};
  const auto browser = logged_in(served, "anna") + kOurOrigin;
  const auto reader = bearer_of(served, "anna", "upload read");
  const auto frame = published_of_anna(served, reader);
  REQUIRE(erase(served, {{"name", "anna"}}, "").status == 401);
  REQUIRE(erase(served, {}, browser).status == 400);
  REQUIRE(erase(served, {{"name", "bob"}, {"password", "correct horse anna"}}, browser).status == 400);
  REQUIRE(erase(served, {{"name", "anna"}}, browser).status == 403);
  REQUIRE(erase(served, {{"name", "anna"}}, reader).status == 403);
  REQUIRE(erase(served, {{"name", "anna"}, {"password", "wrong"}}, reader).status == 403);
  REQUIRE(erase(served, {}, bearer_of(served, "anna", "admin")).status == 400);
  REQUIRE(statuses_around(served, frame) == kAllThere);

  REQUIRE(erase(served, {{"name", "anna"}, {"password", "correct horse anna"}}, browser).status == 204);
  REQUIRE(statuses_around(served, frame) == kAllGone);
  const auto client = served.client();
  REQUIRE(client.get("/api/users/me", browser).status == 302);
  REQUIRE(client.get("/api/users/me", reader).status == 401);
  REQUIRE(client.get("/api/users/" + frame.account.text()).status == 404);
  REQUIRE_THAT(client.get("/api/users").body, !ContainsText(frame.account.text()));
  REQUIRE(client.get("/api/users/search?q=erased").json()["features"].empty());
  REQUIRE_THAT(client.get("/api/collections?show_deleted=true").body, ContainsText(frame.sequence->text()));  // for mirrors
  REQUIRE_THAT(client.get("/api/collections?show_deleted=true").body, !ContainsText("13.2"));
  auto session = served.session();
  REQUIRE(changes::remove_dropped_blobs(session, served.blobs(), kNow, std::chrono::seconds{0}) == 2);  // the original, and the one picture made of it
}

TEST_CASE("an account gets everything that is held about it as an archive, and nothing of anybody else") {
  Served served{where_tokens_are_needed()};
  const auto anna = bearer_of(served, "anna", "upload read");
  published_of_anna(served, anna);
  const auto bob = bearer_of(served, "bob", "read");
  const auto client = served.client();
  REQUIRE(client.get("/api/users/me/export").status == 302);
  REQUIRE(client.get("/api/users/me/export", bearer_of(served, "anna", "upload")).status == 403);
  for (int again = 0; again < 2; ++again) {
    const auto archive = client.get("/api/users/me/export", anna);
    REQUIRE(archive.status == 200);
    REQUIRE(archive.header("Content-Type") == "application/x-tar");
    for (const char* part : {"rows/frames-0001.jsonl", "Monday", "originals/", "Exif"}) REQUIRE_THAT(archive.body, ContainsText(part));
    REQUIRE_THAT(archive.body, !ContainsText("bob"));
    REQUIRE(archive.body.ends_with(std::string(1024, '\0')));  // whole
  }
  REQUIRE_THAT(client.get("/api/users/me/export", bob).body, !ContainsText("Monday"));
}

TEST_CASE("five wrong passwords make an erasure wait, too") {
  Served served{where_tokens_are_needed()};
  const auto browser = logged_in(served, "anna") + kOurOrigin;
  for (int i = 0; i < 5; ++i) REQUIRE(erase(served, {{"name", "anna"}, {"password", "wrong"}}, browser).status == 403);
  const auto waiting = erase(served, {{"name", "anna"}, {"password", "correct horse anna"}}, browser);
  REQUIRE(waiting.status == 429);
  REQUIRE(waiting.header("Retry-After") == "60");
}

TEST_CASE("where no token is needed nobody can erase the account that everybody shares") {
  Served served;
  const auto refused = erase(served, {{"name", "local"}}, "");
  REQUIRE(refused.status == 400);
  REQUIRE_THAT(refused.json()["message"].get<std::string>(), ContainsText("cairn account erase local"));
}
