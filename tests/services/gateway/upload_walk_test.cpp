// From the first request of an uploader to what a reader of the map gets, with the pipeline's part done by hand.

#include "services/store/jobs.hpp"
#include "services/store/tiles.hpp"
#include "tests/catch.hpp"
#include "tests/services/gateway/pipeline_by_hand.hpp"
#include "tiler/gzip.hpp"

#include <map>

using namespace cairn;
using namespace cairn::testing;

namespace {

int queued(const Served& served, store::Stage stage) {
  auto session = served.session();
  for (const auto& depth : store::queue_depths(session)) {
    if (depth.stage == stage) return depth.queued;
  }
  return 0;
}

}  // namespace

TEST_CASE("an accepted file is a durable blob, a row and a job, and has its MD5 in the answer") {
  Served served;
  const auto set = new_set(served);
  const auto bytes = picture(400);
  const auto answer = served.client().post_file(files_url(set), "a.jpg", bytes, {{"isBlurred", "false"}});
  REQUIRE(answer.status == 202);
  const auto body = answer.json();
  REQUIRE(body["file_name"] == "a.jpg");
  REQUIRE(body["size"] == bytes.size());
  REQUIRE(body["content_md5"].get<std::string>().size() == 32);
  auto session = served.session();
  const auto me = served.client().get("/api/users/me").json();
  REQUIRE(body["picture_id"] == frame_id_of(*AccountId::parse(me["id"].get<std::string>()), sha256_of(bytes), 0).text());
  REQUIRE(text_of(*served.blobs().get(store::Namespace::private_, sha256_of(bytes))) == bytes);
  REQUIRE(queued(served, store::Stage::decode) == 1);
}

TEST_CASE("the same file twice, another under its name, or one from an earlier set: 409, and one job") {
  Served served;
  const auto set = new_set(served);
  const auto first = served.client().post_file(files_url(set), "a.jpg", picture(400)).json();
  const auto again = served.client().post_file(files_url(set), "b.jpg", picture(400));
  REQUIRE(again.status == 409);
  REQUIRE(again.json()["existing_item"]["id"] == first["picture_id"]);
  REQUIRE(served.client().post_file(files_url(set), "a.jpg", picture(404)).status == 409);
  const auto later = new_set(served);
  const auto earlier = served.client().post_file(files_url(later), "c.jpg", picture(400));
  REQUIRE(earlier.status == 409);
  REQUIRE(earlier.json()["upload_sets"][0] == nlohmann::json{{"existing_item_id", first["picture_id"]}, {"upload_set_id", set}});
  REQUIRE(served.client().get("/api/upload_sets/" + later).json()["items_status"]["rejected"] == 1);
  REQUIRE(served.client().get(files_url(later)).json()["files"][0]["rejected"]["reason"] == "file_duplicate");
  REQUIRE(queued(served, store::Stage::decode) == 1);
}

TEST_CASE("a picture with other metadata is recognised by its scan data") {
  Served served;
  const auto first = new_set(served);
  REQUIRE(served.client().post_file(files_url(first), "a.jpg", picture(400)).status == 202);
  const auto second = new_set(served);
  REQUIRE(served.client().post_file(files_url(second), "a.jpg", picture(400, false)).status == 409);
}

TEST_CASE("a picture without a place is refused with what is missing, and taken once a track is there or a place is stated") {
  Served served;
  const auto set = new_set(served);
  const auto refused = served.client().post_file(files_url(set), "a.jpg", picture(400, false));
  REQUIRE(refused.status == 400);
  REQUIRE(refused.json()["details"]["missing_fields"] == nlohmann::json::array({"location"}));
  const auto stated = served.client().post_file(files_url(set), "b.jpg", picture(404, false), {{"override_latitude", "55.7"}, {"override_longitude", "13.2"}});
  REQUIRE(stated.status == 202);
  const std::string track = "<?xml version=\"1.0\"?><gpx version=\"1.1\"><trk><trkseg><trkpt lat=\"55\" lon=\"13\"><time>2026-04-30T10:00:00Z</time></trkpt></trkseg></trk></gpx>";
  REQUIRE(served.client().post_file(files_url(set), "t.gpx", track).json()["file_type"] == "track");
  REQUIRE(served.client().post_file(files_url(set), "c.jpg", picture(408, false)).status == 202);
}

TEST_CASE("a picture that was refused for lack of a place is decoded after all when its set ends with a track in it") {
  Served served;
  const auto set = new_set(served);
  REQUIRE(served.client().post_file(files_url(set), "a.jpg", picture(400, false)).status == 400);
  REQUIRE(served.client().post_file(files_url(set), "b.jpg", "junk").status >= 400);
  served.client().post_json("/api/upload_sets/" + set + "/complete", {});
  REQUIRE(queued(served, store::Stage::decode) == 0);
  const std::string track = "<?xml version=\"1.0\"?><gpx version=\"1.1\"><trk><trkseg><trkpt lat=\"55\" lon=\"13\"><time>2026-04-30T10:00:00Z</time></trkpt></trkseg></trk></gpx>";
  REQUIRE(served.client().post_file(files_url(set), "t.gpx", track).status == 202);
  REQUIRE(queued(served, store::Stage::decode) == 1);
  REQUIRE(served.client().post_json("/api/upload_sets/" + set + "/complete", {}).status == 200);
  REQUIRE(queued(served, store::Stage::decode) == 2);
  const auto status = served.client().get("/api/upload_sets/" + set + "/status").json();
  for (const auto& file : status["files"]) REQUIRE(file["state"] == (file["name"] == "b.jpg" ? "refused" : "received"));
}

TEST_CASE("a bundle of pictures is taken before and after its index, and is not taken for its first picture") {
  Served served;
  const auto bundle = picture(400) + picture(404) + picture(408);
  const auto set = new_set(served);
  REQUIRE(served.client().post_file(files_url(set), "first.jpg", picture(400)).status == 202);
  REQUIRE(served.client().post_file(files_url(set), "km_1.bin", bundle).status == 202);
  const auto index = R"({"bundle":{"name":"km_1","numFrames":3},"frames":[{"bytes":)" + std::to_string(picture(400).size()) + R"(,"t":1777543200000,"lat":55.7,"lon":13.2}]})";
  REQUIRE(served.client().post_file(files_url(set), "km_1.json", index).json()["file_type"] == "track");
  const auto bare = std::string{text_of(make_jpeg())} + std::string{text_of(make_jpeg(404))} + std::string{text_of(make_jpeg(408))};
  REQUIRE(served.client().post_file(files_url(set), "km_2.bin", bare).status == 202);
}

TEST_CASE("what is wrong with a form is said in a sentence") {
  Served served;
  const auto url = files_url(new_set(served));
  const auto message = [&](const std::vector<std::pair<std::string, std::string>>& fields) {
    return served.client().post_file(url, "a.jpg", picture(400), fields).json()["message"].get<std::string>();
  };
  REQUIRE(message({{"override_latitude", "1"}}) == "override_latitude and override_longitude go together: send both or none");
  REQUIRE(message({{"override_latitude", "91"}, {"override_longitude", "1"}}) == "override_latitude and override_longitude must be degrees on the globe");
  REQUIRE(message({{"override_capture_time", "noon"}}) == "override_capture_time must be an ISO 8601 time");
  REQUIRE(message({{"isBlurred", "perhaps"}}) == "isBlurred must be true or false");
  REQUIRE(served.client().post_json(url, {}).status == 415);
  REQUIRE(served.client().post(url, "multipart/form-data; boundary=x", "--x--").json()["message"] == "No file was sent: the form needs a part named file");
  REQUIRE(served.client().post(url, "multipart/form-data; boundary=x", "--x\r\n").json()["message"] == "The form ends before its last boundary");
  REQUIRE(served.client().post_file(files_url("00000000-0000-4000-8000-000000000000"), "a.jpg", "x").status == 404);
}

TEST_CASE("a set completes by itself when as many files came as announced, refused ones counted") {
  Served served;
  const auto set = new_set(served, {{"estimated_nb_files", 2}});
  REQUIRE(served.client().post_file(files_url(set), "a.jpg", "junk").status == 400);
  REQUIRE(served.client().post_file(files_url(set), "a.jpg", "junk").status == 400);
  REQUIRE(served.client().get("/api/upload_sets/" + set).json()["completed"] == false);
  REQUIRE(served.client().post_file(files_url(set), "b.jpg", picture(400)).status == 202);
  const auto body = served.client().get("/api/upload_sets/" + set).json();
  REQUIRE(body["completed"] == true);
  REQUIRE(body["items_status"] == nlohmann::json{{"prepared", 0}, {"preparing", 0}, {"broken", 0}, {"rejected", 1}, {"not_processed", 1}});
  REQUIRE(queued(served, store::Stage::assemble) == 0);  // its file is not decoded yet
}

TEST_CASE("completing a set whose files are all done queues its assembly") {
  Served served;
  const auto set = new_set(served);
  served.client().post_file(files_url(set), "a.jpg", "junk");
  REQUIRE(served.client().post_json("/api/upload_sets/" + set + "/complete", {}).json()["completed"] == true);
  REQUIRE(queued(served, store::Stage::assemble) == 1);
}

TEST_CASE("what was sent is found again: set, collection, item, search, picture") {
  Served served;
  const auto set = new_set(served);
  served.client().post_file(files_url(set), "a.jpg", picture(400));
  const auto frame = publish(served, set);
  const auto collection = "/api/collections/" + frame.sequence->text();
  const auto get = [&](const std::string& path) { return served.client().get(path).json(); };

  REQUIRE(get("/api/upload_sets/" + set)["ready"] == true);
  REQUIRE(get("/api/collections")["collections"][0]["id"] == frame.sequence->text());
  REQUIRE(get(collection)["extent"]["spatial"]["bbox"][0].size() == 4);
  REQUIRE(get(collection)["providers"][0]["name"] == "local");
  REQUIRE(get(collection + "/geovisio_status")["items"][0]["status"] == "ready");
  REQUIRE(get(collection + "/items")["features"].size() == 1);
  REQUIRE(get(collection + "/items?startAfterRank=1")["features"].empty());

  const auto item = get("/api/pictures/" + frame.id.text());
  REQUIRE(item["assets"]["sd"]["roles"] == nlohmann::json::array({"visual"}));
  REQUIRE(item["geometry"]["coordinates"] == nlohmann::json::array({13.2, 55.7}));
  REQUIRE(item == get(collection + "/items/" + frame.id.text()));
  for (const char* query : {"bbox=13,55,14,56", "limit=1", "datetime=2026-05-01T00:00:00Z/..", "place_position=13.2001,55.7"}) {
    INFO(query);
    REQUIRE(get(std::string{"/api/search?"} + query)["features"].size() == 1);
  }
  REQUIRE(get("/api/search?bbox=14,55,15,56")["features"].empty());
  REQUIRE(get("/api/search?ids=" + frame.id.text())["features"].size() == 1);
  REQUIRE(served.client().post_json("/api/search", {{"bbox", {13, 55, 14, 56}}, {"collections", {frame.sequence->text()}}}).json()["features"].size() == 1);
  REQUIRE(get("/api")["extent"]["spatial"]["bbox"][0][0].get<double>() == Approx(13.2));
  REQUIRE(get("/api")["extent"]["temporal"]["interval"][0][0] == "2026-05-01T12:00:00.000000+00:00");

  const auto thumb = served.client().get("/api/pictures/" + frame.id.text() + "/thumb.jpg");
  REQUIRE(thumb.body == "redacted bytes");
  const auto etag = thumb.header("ETag");
  REQUIRE(served.client().get("/api/pictures/" + frame.id.text() + "/thumb.jpg", "If-None-Match: " + etag + "\r\n").status == 304);
  REQUIRE(served.client().get("/api/pictures/" + frame.id.text() + "/sd.jpg", "Range: bytes=0-7\r\n").body == "redacted");
}

TEST_CASE("neighbours are the nearest published pictures of the sequence, however many lie between") {
  Served served;
  const auto set = new_set(served);
  served.client().post_file(files_url(set), "a.jpg", picture(400));
  auto frame = publish(served, set);
  const auto id_of_rank = [](int rank) { return FrameId::derived_from({"rank", std::to_string(rank)}); };
  served.session().write([&](store::Session& session) {
    for (int rank = 2; rank <= 40; ++rank) {
      frame.id = frame.capture.id = id_of_rank(rank);
      frame.rank = rank;
      frame.published = rank == 2 || rank == 37;
      frame.state = frame.published ? store::FrameState::fused : store::FrameState::inspected;
      store::insert_frame(session, frame);
      store::update_frame(session, frame);
    }
  });
  const auto neighbours = [&](FrameId id) {
    std::map<std::string, std::string> found;
    const auto body = served.client().get("/api/pictures/" + id.text()).json();
    for (const auto& link : body["links"]) {
      if (link["rel"] == "prev" || link["rel"] == "next") found[link["rel"]] = link["id"];
    }
    return found;
  };
  REQUIRE(neighbours(id_of_rank(2))["next"] == id_of_rank(37).text());
  REQUIRE(neighbours(id_of_rank(37))["prev"] == id_of_rank(2).text());
  REQUIRE_FALSE(neighbours(id_of_rank(37)).contains("next"));
  REQUIRE(neighbours(id_of_rank(20)).size() == 2);
}

TEST_CASE("a picture that is not published shows nothing but that it waits") {
  Served served;
  const auto set = new_set(served);
  const auto id = served.client().post_file(files_url(set), "a.jpg", picture(400)).json()["picture_id"].get<std::string>();
  REQUIRE(served.client().get("/api/pictures/" + id).status == 404);
  auto frame = publish(served, set);
  frame.published = false;
  frame.state = store::FrameState::inspected;
  served.session().write([&](store::Session& session) { store::update_frame(session, frame); });
  REQUIRE(served.client().get("/api/pictures/" + id).json()["properties"]["geovisio:status"] == "waiting-for-process");
  REQUIRE(served.client().get("/api/pictures/" + id + "/hd.jpg").status == 404);
}

TEST_CASE("a tile is served as it was built, gzip to those who take it, with an ETag") {
  Served served;
  const std::string mvt = "not really a tile, but its bytes";
  const auto tile = tile_of(*LatLon::from_degrees(55.7, 13.2), 14);
  const auto blob = served.blobs().put(store::Namespace::public_, tiler::gzipped(bytes_of(mvt), 6));
  served.session().write([&](store::Session& session) { store::put_tile(session, {"map", tile, sha256_of(mvt), blob, 10, {}}); });
  const auto url = "/tiles/map/" + tile.text() + ".mvt";
  const auto plain = served.client().get(url);
  REQUIRE(plain.body == mvt);
  REQUIRE(plain.header("Content-Encoding").empty());
  REQUIRE(plain.header("ETag") == '"' + sha256_of(mvt).hex() + '"');
  const auto packed = served.client().get(url, "Accept-Encoding: gzip\r\n");
  REQUIRE(packed.header("Content-Encoding") == "gzip");
  REQUIRE(text_of(tiler::gunzipped(bytes_of(packed.body), 1000)) == mvt);
  REQUIRE(packed.header("ETag") != plain.header("ETag"));
  REQUIRE(served.client().get(url, "If-None-Match: " + plain.header("ETag") + "\r\n").status == 304);
}

TEST_CASE("tiles that are not there: empty 204 or 200, out of range 404, malformed 400") {
  Served served;
  const auto status = [&](const char* path) { return served.client().get(path).status; };
  REQUIRE(status("/tiles/map/14/0/0.mvt") == 204);
  REQUIRE(status("/api/map/14/0/0.mvt") == 200);
  REQUIRE(status("/api/map/14/0/0.pbf") == 200);
  REQUIRE(status("/api/map/2/9/9.mvt") == 404);
  REQUIRE(status("/api/map/16/0/0.mvt") == 404);
  REQUIRE(status("/api/map/-1/0/0.mvt") == 404);
  REQUIRE(status("/api/map/1000000000/0/0.mvt") == 404);
  REQUIRE(status("/api/map/99999999999999999999/0/0.mvt") == 400);
  REQUIRE(status("/api/map/x/0/0.mvt") == 400);
  REQUIRE(status("/api/map/14/0/0.png") == 400);
  REQUIRE(status("/tiles/other/14/0/0.mvt") == 404);
}
