// GET /api/changes: pages of lines, and a stream.

#include "services/changes/feed.hpp"
#include "services/store/accounts.hpp"
#include "services/store/events.hpp"
#include "services/store/map.hpp"
#include "tests/catch.hpp"
#include "tests/services/gateway/made_drive.hpp"

#include <sstream>

using namespace cairn;
using namespace cairn::testing;
using nlohmann::json;

namespace {

/// A drive of six pictures, a feature and two tiles, told in that order: events 1 to 4.
struct Told {
  Served served;
  MadeDrive drive;
  Feature feature;

  Told() {
    auto session = served.session();
    drive = make_drive(session, served.blobs(), {.account = store::find_account_named(session, "local")->id});
    feature.id = FeatureId::derived_from({"sign"});
    feature.place = *LatLon::from_degrees(55.7, 13.2);
    session.write([&](store::Session& s) {
      std::vector<FrameId> frames;
      for (const auto& frame : drive.frames) frames.push_back(frame.id);
      changes::tell_pictures(s, frames, kNow);
      changes::tell_features(s, store::replace_features(s, tile_of(feature.place, 16), {feature}), {feature}, kNow);
      changes::tell_sequence(s, drive.sequence, kNow);
      changes::tell_tile(s, "map", *TileId::from_zxy(14, 8792, 5126), {}, sha256_of("tile"), kNow);
    });
  }

  Answer get(const std::string& query, const std::string& headers = {}) const { return served.client().get("/api/changes?" + query, headers); }
};

std::vector<json> lines_of(const Answer& answer) {
  std::vector<json> lines;
  std::istringstream stream{answer.body};
  for (std::string line; std::getline(stream, line);) lines.push_back(json::parse(line));
  return lines;
}

std::vector<std::string> kinds_of(const Answer& answer) {
  std::vector<std::string> kinds;
  for (const auto& line : lines_of(answer)) kinds.push_back(line["kind"]);
  return kinds;
}

}  // namespace

TEST_CASE("changes are told as a JSON object a line, with what there is now of each thing") {
  const Told told;
  const auto answer = told.get("since=0");
  REQUIRE(answer.status == 200);
  REQUIRE(answer.header("Content-Type") == "application/x-ndjson");
  REQUIRE(answer.header("X-Last-Sequence") == "4");
  REQUIRE(answer.header("Link").empty());
  const auto lines = lines_of(answer);
  REQUIRE(lines.size() == 9);
  CHECK(lines[0] == json{{"seq", 1}, {"at", to_iso8601(kNow)}, {"kind", "picture_published"}, {"id", told.drive.frames[0].id.text()}, {"collection", told.drive.sequence.text()},
                         {"taken_at", to_iso8601(told.drive.frames[0].taken_at)}, {"place", {13.195, 55.698}}});
  CHECK(lines[6] == json{{"seq", 2}, {"at", to_iso8601(kNow)}, {"kind", "feature_born"}, {"id", told.feature.id.text()}, {"class", "sign"}, {"place", {13.2, 55.7}}});
  CHECK(lines[7] == json{{"seq", 3}, {"at", to_iso8601(kNow)}, {"kind", "sequence_ready"}, {"id", told.drive.sequence.text()}, {"pictures", 6}});
  CHECK(lines[8] == json{{"seq", 4}, {"at", to_iso8601(kNow)}, {"kind", "tile_changed"}, {"set", "map"}, {"z", 14}, {"x", 8792}, {"y", 5126}, {"old", nullptr}, {"new", sha256_of("tile").hex()}});
}

TEST_CASE("pages of changes follow each other by their links, and hold only the kinds that were asked for") {
  const Told told;
  auto page = told.get("since=0&limit=2&kinds=features,tiles");
  REQUIRE(kinds_of(page) == std::vector<std::string>{"feature_born"});
  REQUIRE(page.header("X-Last-Sequence") == "2");
  const auto link = page.header("Link");
  REQUIRE(link.ends_with(">; rel=\"next\""));
  const auto from = link.find("/api/");
  page = told.served.client().get(link.substr(from, link.find('>') - from));
  REQUIRE(kinds_of(page) == std::vector<std::string>{"tile_changed"});
  REQUIRE(page.header("Link").empty());
  REQUIRE(told.get("since=4").body.empty());
  REQUIRE(told.get("since=4").header("X-Last-Sequence") == "4");
}

TEST_CASE("whoever comes too late, or from the future, is told where to begin") {
  const Told told;
  auto session = told.served.session();
  session.write([](store::Session& s) {
    store::append_event(s, kNow + std::chrono::hours{1}, "sequence", "\"" + SequenceId::derived_from({"none"}).text() + "\"");
    store::forget_events(s, kNow + std::chrono::hours{1});
  });
  for (const char* query : {"since=0", "since=3", "since=6", "", "since=9223372036854775807"}) {
    CAPTURE(query);
    const auto answer = told.get(query);
    REQUIRE(answer.status == 410);
    REQUIRE(answer.json()["details"] == json{{"oldest", 5}, {"newest", 5}});
    REQUIRE(answer.json()["message"].get<std::string>().find("full export") != std::string::npos);
  }
  REQUIRE(kinds_of(told.get("since=4")) == std::vector<std::string>{"sequence_removed"});
}

TEST_CASE("what makes no sense is refused with a sentence") {
  const Told told;
  for (const char* query : {"since=-1", "since=one", "since=1e3", "since=99999999999999999999", "limit=0", "limit=x", "kinds=", "kinds=tiles,", "kinds=TILES", "kinds=all"}) {
    CAPTURE(query);
    const auto answer = told.get(query);
    REQUIRE(answer.status == 400);
    REQUIRE(answer.json()["message"].get<std::string>().size() > 20);
  }
}

TEST_CASE("a stream tells what was missed and goes on with what happens, with an id at the last line of an event") {
  const Told told;
  Sending follower{told.served.client().port(), "GET /api/changes?since=0 HTTP/1.1\r\nHost: cairn.test\r\nAccept: text/event-stream\r\nLast-Event-ID: 1\r\n\r\n"};
  auto session = told.served.session();
  session.write([&](store::Session& s) { changes::tell_pictures(s, {FrameId::derived_from({"gone"}), told.drive.frames[0].id}, kNow); });
  const auto text = follower.rest(std::chrono::milliseconds{1500});
  CAPTURE(text);
  REQUIRE(text.find("Content-Type: text/event-stream") != std::string::npos);
  REQUIRE(text.find("event: picture_published") > text.find("event: feature_born"));   // event 1 was not told again
  REQUIRE(text.find("id: 2\nevent: feature_born\ndata: {") != std::string::npos);
  REQUIRE(text.find("id: 4\nevent: tile_changed\ndata: {") != std::string::npos);
  const auto removed = text.find("event: picture_removed\n");
  REQUIRE(removed != std::string::npos);
  REQUIRE(text.substr(removed - 7, 7).find("id:") == std::string::npos);
  REQUIRE(text.find("id: 5\nevent: picture_published\n") > removed);
  REQUIRE(text.find("id: 5", text.find("id: 5") + 1) == std::string::npos);   // once
}

TEST_CASE("a stream without a number begins with what happens from now on") {
  const Told told;
  Sending follower{told.served.client().port(), "GET /api/changes HTTP/1.1\r\nHost: cairn.test\r\nAccept: text/event-stream\r\n\r\n"};
  REQUIRE(follower.rest(std::chrono::milliseconds{300}).find("event: ") == std::string::npos);
}
