// Requests that nobody sends by accident: addresses, ranges, conditions and texts far from what they should be.

#include "services/store/tiles.hpp"
#include "tests/catch.hpp"
#include "tests/services/gateway/made_drive.hpp"
#include "tests/services/gateway/people.hpp"
#include "tests/services/gateway/pipeline_by_hand.hpp"
#include "tiler/gzip.hpp"

using namespace cairn;
using namespace cairn::testing;

namespace {

const std::string kMegabyte(1'000'000, 'x');
const std::string kScript = "<script>alert(1)</script>", kFormula = "=HYPERLINK(\"http://evil.example\")";

/// A drive of somebody with that name, under that title.
void publish_drive(const Served& served, const std::string& person, const std::string& title) {
  auto session = served.session();
  make_drive(session, served.blobs(), {.name = title, .account = add_person(served, person)});
}

}  // namespace

TEST_CASE("tiles at zooms and places that can't be are 404 or 400, of every kind of map") {
  Served served;
  const auto user = add_person(served, "anna").text();
  for (const auto& map : {std::string{"/tiles/map/"}, std::string{"/api/map/"}, "/api/users/" + user + "/map/"}) {
    for (const std::string tile : {"-1/0/0", "31/0/0", "1000000000/0/0", "14/16384/0", "14/0/16384", "14/-1/0", "0/1/0", "14/4294967296/0", "14/18446744073709551616/0", "1e9/0/0"}) {
      CAPTURE(map, tile);
      const auto answer = served.client().get(map + tile + ".mvt");
      REQUIRE((answer.status == 404 || answer.status == 400));
      REQUIRE_FALSE(answer.json()["message"].get<std::string>().empty());
    }
  }
}

TEST_CASE("no address climbs out, however its dots and slashes are written") {
  Served served;
  for (const std::string path : {"/%2e%2e/%2e%2e/etc/passwd", "/assets/%2e%2e%2fcatalogue.db", "/../catalogue.db", "/assets/..%5c..%5cx", "/api/pictures/%2e%2e/hd.jpg",
                                 "/api/pictures/%252e%252e/hd.jpg", "/tiles/%2e%2e/0/0/0.mvt", "/files/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/mapillary/upload/%2e%2e%2fx", "/%00", "/\xC0\xAE\xC0\xAE/x"}) {
    CAPTURE(path);
    const auto status = served.client().get(path).status;
    REQUIRE((status == 400 || status == 404));
  }
}

TEST_CASE("a thousand ranges and conditions of any length are answered with the whole, and with what they cost anyway") {
  Served served;
  const std::string mvt(5000, 'm');
  const auto tile = tile_of(*LatLon::from_degrees(55.7, 13.2), 14);
  const auto blob = served.blobs().put(store::Namespace::public_, tiler::gzipped(bytes_of(mvt), 6));
  served.session().write([&](store::Session& session) { store::put_tile(session, {"map", tile, sha256_of(mvt), blob, 10, {}}); });
  const auto url = "/tiles/map/" + tile.text() + ".mvt";
  std::string ranges = "Range: bytes=0-0", unknown = "If-None-Match: \"a\"";
  for (int i = 1; i < 1000; ++i) ranges += "," + std::to_string(i) + "-" + std::to_string(i + 1000);
  for (int i = 0; i < 9000; ++i) unknown += ", \"b\"";
  const auto many = served.client().get(url, ranges + "\r\n");
  REQUIRE(many.status == 200);
  REQUIRE(many.body == mvt);
  REQUIRE(served.client().get(url, unknown + "\r\n").status == 200);
  REQUIRE(served.client().get(url, unknown + ", " + many.header("ETag") + "\r\n").status == 304);
  REQUIRE(served.client().get(url, "If-None-Match: " + std::string(70'000, '"') + "\r\n").status == 431);
  for (const std::string odd : {"If-None-Match: \"", "If-None-Match: W/", "If-Range: \xFF", "If-Modified-Since: yesterday", "Range: bytes=99999999999999999999-", "Range: bytes=--1"})
    REQUIRE(served.client().get(url, odd + "\r\n").status == 200);
}

TEST_CASE("texts of a megabyte are refused wherever a text may stand, and nothing of them is kept") {
  Served served;
  const auto client = served.client();
  const auto refused = [](const Answer& answer) { return answer.status == 400 || answer.status == 413 || answer.status == 431; };
  REQUIRE(refused(client.post_json("/api/upload_sets", {{"title", kMegabyte}})));
  REQUIRE(refused(client.post_json("/api/upload_sets", {{"title", "t"}, {"metadata", {{"a", kMegabyte + kMegabyte}}}})));
  REQUIRE(refused(client.post_json("/api/collections", {{"title", kMegabyte}})));
  REQUIRE(refused(client.post_json("/api/search", {{"filter", "a = '" + kMegabyte + "'"}})));
  REQUIRE(refused(client.post_json("/api/reports", {{"issue", "other"}, {"reporter_comments", kMegabyte}})));
  REQUIRE(Served{where_tokens_are_needed()}.client().post("/api/auth/login", kForm, "name=" + kMegabyte + "&password=x", kOurOrigin).status == 401);
  REQUIRE(refused(client.get("/api/search?filter=" + kMegabyte)));
  const auto set = new_set(served);
  REQUIRE(refused(client.post_file(files_url(set), kMegabyte, picture(400))));
  REQUIRE(refused(client.post_file(files_url(set), "a.jpg", picture(400), {{"override_capture_time", kMegabyte}})));
  REQUIRE(client.get(files_url(set)).json()["files"].empty());
  REQUIRE(client.get("/api/users/me/upload_sets").json()["upload_sets"].size() == 1);
}

TEST_CASE("names and titles that are scripts or formulas come back as text: escaped in pages, plain in JSON that no browser takes for a page") {
  Served served{where_tokens_are_needed()};
  publish_drive(served, kScript, kScript);
  publish_drive(served, kFormula, kFormula);
  const auto client = served.client();
  const auto page = client.get("/api/account", logged_in(served, kScript));
  REQUIRE(page.status == 200);
  REQUIRE_THAT(page.body, ContainsText("&lt;script&gt;") && !ContainsText("<script"));
  REQUIRE_THAT(page.header("Content-Security-Policy"), ContainsText("default-src 'none'"));
  const auto feed = client.get("/api/collections?format=rss");
  REQUIRE_THAT(feed.header("Content-Type"), ContainsText("xml"));
  REQUIRE_THAT(feed.body, ContainsText("&lt;script&gt;") && !ContainsText("<script"));
  for (const std::string path : {"/api/users", "/api/collections", "/api/search?limit=3", "/api/users/search?q=script"}) {
    CAPTURE(path);
    const auto answer = client.get(path);
    REQUIRE(answer.status == 200);
    REQUIRE_THAT(answer.header("Content-Type"), ContainsText("json"));
    REQUIRE(answer.header("X-Content-Type-Options") == "nosniff");
  }
  REQUIRE_THAT(client.get("/api/collections").body, ContainsText(nlohmann::json(kFormula).dump()));
}
