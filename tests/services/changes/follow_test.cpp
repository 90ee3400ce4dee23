// Whoever follows the feed of changes has what the map shows, and never anything that was hidden.

#include "services/changes/erase.hpp"
#include "services/changes/visibility.hpp"
#include "services/changes/withdraw.hpp"
#include "services/gateway/map/change_pages.hpp"
#include "services/store/events.hpp"
#include "services/store/map.hpp"
#include "services/store/rows.hpp"
#include "services/store/sequences.hpp"
#include "services/store/tiles.hpp"
#include "tests/catch.hpp"
#include "tests/random.hpp"
#include "tests/services/changes/town.hpp"
#include "tiler/tile_set.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <thread>

using namespace cairn;
using namespace cairn::testing;
using nlohmann::json;

namespace {

/// Things by "family id" with what is known of them.
using Known = std::map<std::string, std::string>;

/// Somebody who knows the map from the feed alone.
class Follower {
 public:
  explicit Follower(int limit = 1000) : limit_{limit} {}

  void catch_up(store::Session& session) {
    for (bool more = true; more;) {
      const auto page = pages_.behind(session, last_, limit_);
      REQUIRE(page);
      for (const auto& change : page->changes) take(change, json::parse(change.json));
      last_ = page->last;
      more = page->more;
    }
  }
  const Known& known() const { return known_; }

 private:
  void take(const gateway::Change& change, const json& line) {
    REQUIRE(line["seq"] > seen_);   // in order, and each event once
    if (change.ends_event) seen_ = line["seq"];
    if (change.kind == "tile_changed") {
      const auto name = "tile " + line["set"].get<std::string>() + "/" + line["z"].dump() + "/" + line["x"].dump() + "/" + line["y"].dump();
      const auto known = known_.find(name);
      REQUIRE((known == known_.end() ? json() : json(known->second)) == line["old"]);
      known_.erase(name);
      if (!line["new"].is_null()) known_[name] = line["new"];
      return;
    }
    const auto name = change.kind.substr(0, change.kind.find('_')) + " " + line["id"].get<std::string>();
    known_.erase(name);
    if (!change.kind.ends_with("_removed")) known_[name] = line.contains("place") ? line["place"].dump() : line["pictures"].dump();
  }

  gateway::ChangePages pages_;
  int limit_;
  std::int64_t last_ = 0, seen_ = 0;
  Known known_;
};

std::string text_of(LatLon place) { return json{place.lon_e7() / 1e7, place.lat_e7() / 1e7}.dump(); }

/// What the map shows, from its tables.
Known shown(Town& town) {
  Known all;
  for (const auto each : tiler::kTileSets) {
    const std::string set{tiler::name_of(each)};
    for (const auto& row : store::tiles_of(town.session, set)) all["tile " + set + "/" + row.tile.text()] = row.hash->hex();
  }
  for (const auto& feature : store::all_features(town.session)) all["feature " + feature.id.text()] = text_of(feature.place);
  soci::rowset<soci::row> frames = (town.session.sql().prepare << "select id, lat_e7, lon_e7 from frames where published = 1");
  for (const auto& row : frames) all["picture " + store::text_of_row(row, "id")] = text_of(store::place_of(row));
  soci::rowset<soci::row> sequences =
      (town.session.sql().prepare << "select id, accepted from sequences where accepted > 0 and deleted_at is null and shown_to = 'anyone'");
  for (const auto& row : sequences) all["sequence " + store::text_of_row(row, "id")] = std::to_string(store::int_of(row, "accepted"));
  return all;
}

std::string everything_told(Town& town) {
  gateway::ChangePages pages;
  std::string all;
  for (const auto& change : pages.behind(town.session, 0, 10'000)->changes) all += change.json + "\n";
  return all;
}

}  // namespace

TEST_CASE("whoever follows the feed knows what the map shows, whatever is uploaded, hidden, shown, moved out, withdrawn or erased") {
  CAPTURE(seed_of_run());
  Random random{seed_of_run()};
  Town town;
  std::vector<UploadSetId> sets;
  Follower often{7};
  const auto driver = [](std::size_t number) { return "driver " + std::to_string(number); };   // each with one drive, number for number
  const auto any = [&] { return static_cast<std::size_t>(random.whole(0, static_cast<std::int64_t>(sets.size()) - 1)); };
  const std::vector<std::function<void()>> steps{
      [&] { sets.push_back(town.drive(driver(sets.size()), static_cast<int>(random.whole(1, 6)))); },
      [&] { town.draw(town.account(driver(any())), around(random.between(0, 3), random.between(3, 6))); },
      [&] { changes::set_visibility_of_set(town.session, sets[any()], random.whole(0, 1) == 0 ? "anyone" : "owner-only", kNoon); },
      [&] { changes::withdraw_frame(town.session, town.frames(sets[any()]).front(), kNoon); },
      [&] { changes::withdraw_set(town.session, sets[any()], kNoon); },
      [&] { town.drift = {random.between(-20, 20), random.between(-20, 20)}; },
  };
  for (int round = 0; round < 30; ++round) {
    const bool drive = round < 2 || random.whole(0, 2) == 0;
    steps[drive ? 0 : static_cast<std::size_t>(random.whole(1, static_cast<std::int64_t>(steps.size()) - 1))]();
    if (random.whole(0, 2) == 0) often.catch_up(town.session);
    town.run();
    often.catch_up(town.session);
    CAPTURE(round);
    REQUIRE(often.known() == shown(town));
  }
  changes::erase_account(town.session, town.account(driver(0)), kNoon);
  town.run();
  often.catch_up(town.session);
  REQUIRE(often.known() == shown(town));
}

TEST_CASE("what a private zone takes away shows in no event, however old, and no event holds a place") {
  Town town;
  const auto set = town.drive("anna", 4);
  town.run();
  const auto frames = town.frames(set);
  for (const auto& frame : frames) REQUIRE(everything_told(town).find(text_of(frame.place)) != std::string::npos);
  town.draw(town.account("anna"), around(-1, 9));
  for (const auto& frame : frames) REQUIRE(everything_told(town).find(text_of(frame.place)) == std::string::npos);   // before anything was built again
  town.run();
  const auto told = everything_told(town);
  REQUIRE(told.find("\"place\"") == std::string::npos);
  for (const auto& frame : frames) REQUIRE(told.find(R"("id":")" + frame.id.text() + R"(","kind":"picture_removed")") != std::string::npos);
  for (const auto& event : store::events_since(town.session, 0, 1000)) {
    const auto subject = json::parse(event.subject_json);
    if (event.kind != "tile" && event.kind != "sequence") REQUIRE(std::ranges::all_of(subject, [](const json& id) { return id.is_string() && id.get<std::string>().size() == 36; }));
  }
}

TEST_CASE("what nobody else may see from the beginning is never told") {
  Town town;
  const auto set = town.drive("anna", 3);
  changes::set_visibility_of_set(town.session, set, "owner-only", kNoon);
  town.run();
  REQUIRE(everything_told(town).empty());
  changes::withdraw_set(town.session, set, kNoon);
  town.run();
  REQUIRE(everything_told(town).empty());
}

TEST_CASE("a merge that changes nothing is told to nobody and builds nothing") {
  Town town;
  town.drive("anna", 3);
  town.run();
  const auto events = store::kept_events(town.session).newest;
  town.session.write([&](store::Session& s) {
    for (const auto& feature : store::all_features(s)) store::enqueue(s, {.stage = store::Stage::merge, .key = tile_of(feature.place, 16).text(), .tenant = "", .now = kNoon});
  });
  const auto jobs = store::lease(town.session, {store::Stage::merge}, 1, kNoon + std::chrono::hours{1}, town.rules.leases);
  REQUIRE(jobs.size() == 1);
  town.session.write([&](store::Session& s) { store::release(s, jobs[0], kNoon); });
  town.bring(town.next_answer(store::Stage::merge));
  REQUIRE(store::jobs_queued(town.session, store::Stage::tile) == 0);
  town.run();
  REQUIRE(store::kept_events(town.session).newest == events);
}

TEST_CASE("a follower beside several writers sees every event once and in order") {
  ScratchFolder scratch;
  store::Session session{scratch.database()};
  store::migrate(session);
  constexpr int kWriters = 4, kEach = 50;
  std::vector<std::jthread> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&] {
      store::Session own{scratch.database()};
      for (int n = 0; n < kEach; ++n) own.write([](store::Session& s) { store::append_event(s, kNoon, "test", "{}"); });
    });
  }
  std::int64_t last = 0;
  while (last < kWriters * kEach) {
    for (const auto& event : store::events_since(session, last, 7)) {
      REQUIRE(event.seq == last + 1);
      last = event.seq;
    }
  }
}

TEST_CASE("old changes are forgotten from the oldest on, the newest stays, and numbers never begin anew") {
  ScratchFolder scratch;
  store::Session session{scratch.database()};
  store::migrate(session);
  REQUIRE(store::kept_events(session).reach_back_to(0));
  REQUIRE_FALSE(store::kept_events(session).reach_back_to(1));
  session.write([](store::Session& s) {
    for (int day = 0; day < 10; ++day) store::append_event(s, kNoon + std::chrono::days{day == 5 ? 0 : day}, "test", "{}");   // a clock was set back once
  });
  const auto forget = [&](int day) {
    std::size_t count = 0;
    session.write([&](store::Session& s) { count = store::forget_events(s, kNoon + std::chrono::days{day}); });
    return count;
  };
  REQUIRE(forget(3) == 3);
  REQUIRE(store::kept_events(session).oldest == 4);
  REQUIRE_FALSE(store::kept_events(session).reach_back_to(2));
  REQUIRE(store::kept_events(session).reach_back_to(3));
  REQUIRE(forget(100) == 6);
  REQUIRE(store::kept_events(session).oldest == 10);
  REQUIRE(forget(100) == 0);
  session.write([](store::Session& s) { store::append_event(s, kNoon, "test", "{}"); });
  REQUIRE(store::kept_events(session).newest == 11);
}
