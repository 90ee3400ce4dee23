// What privacy zones and excluded areas leave in the catalogue and on the map.

#include "services/changes/private_areas.hpp"

#include "services/store/files.hpp"
#include "services/store/map.hpp"
#include "services/store/private_areas.hpp"
#include "services/store/sequences.hpp"
#include "tests/catch.hpp"
#include "tests/services/changes/town.hpp"

#include <nlohmann/json.hpp>

using namespace cairn;
using namespace cairn::testing;

namespace {

/// Not tiles that were built anew.
const auto kDroppedPictures = "dropped_blobs where content <> '" + Sha256{}.hex() + "'";

std::vector<int> ordinals(Town& town, UploadSetId set) {
  std::vector<int> list;
  for (const auto& frame : town.frames(set)) {
    if (frame.published) list.push_back(*frame.line_ordinal);
  }
  return list;
}

store::SequenceRow sequence(Town& town, UploadSetId set) { return store::sequences_of_set(town.session, set).at(0); }

}  // namespace

TEST_CASE("frames on and within the border of a privacy zone are refused before anything is published, and only its owner's") {
  Town town;
  town.draw(town.account("anna"), around(2, 4));
  const auto annas = town.drive("anna", 7), bobs = town.drive("bob", 7);
  town.run();
  REQUIRE(town.fates(annas) == "++ppp++");
  REQUIRE(town.fates(bobs) == "+++++++");
  for (const auto& frame : town.frames(annas)) {
    if (frame.published) continue;
    REQUIRE(frame.refusal == Refusal{Reason::in_privacy_zone, ""});
    REQUIRE_FALSE(frame.hd);
    REQUIRE_FALSE(frame.observation);
    REQUIRE_FALSE(frame.sequence);
    REQUIRE(store::find_file(town.session, frame.file)->refusal->reason == Reason::in_privacy_zone);
  }
  REQUIRE(town.count(kDroppedPictures) == 3);
}

TEST_CASE("a frame that fusion finds in a zone is not published, and gives no sighting and no coverage") {
  Town town;
  town.drift = {40, 0};  // two steps
  town.draw(town.account("anna"), around(4.9, 6.1));
  const auto set = town.drive("anna", 7);
  town.run();
  REQUIRE(town.fates(set) == "+++pppp");  // 3 and 4 by where they are found, 5 and 6 by where they claimed to be
  REQUIRE(town.count("sightings") == 3);
  REQUIRE(town.count("coverage_visits") == 3);
}

TEST_CASE("a frame whose owner says that it lies in a zone goes, wherever it was found") {
  Town town;
  const auto set = town.drive("anna", 3);
  town.run();
  auto frame = town.frames(set)[1];
  town.session.write([&](store::Session& s) {
    store::Stated stated;
    stated.place = moved(kStart, {0, 90'000});
    store::state(s, frame, stated);
  });
  town.draw(town.account("anna"), around(1, 2));
  REQUIRE(town.fates(set) == "+pp");
}

TEST_CASE("a zone drawn later makes the map what it would be had it been there from the start, but for the ids of the line") {
  Town town, always;
  const auto set = town.drive("anna", 7);
  town.run();
  REQUIRE(town.fates(set) == "+++++++");
  town.draw(town.account("anna"), around(2, 4));
  REQUIRE(town.fates(set) == "++ppp++");  // before anything ran: with the commit
  const auto row = sequence(town, set);
  REQUIRE(row.accepted == 4);
  town.run();

  always.draw(always.account("anna"), around(2, 4));
  const auto same = always.drive("anna", 7);
  always.run();
  REQUIRE(always.fates(same) == "++ppp++");
  REQUIRE(town.map() == always.map());
  REQUIRE(ordinals(town, set) == std::vector<int>{0, 1, 3, 4});  // the line stops before the zone and goes on behind it
  REQUIRE(ordinals(always, same) == ordinals(town, set));
  REQUIRE(town.count(kDroppedPictures) == 12);  // three originals, nine pictures
}

TEST_CASE("a line between two frames outside a zone does not come through it") {
  Town town;
  const auto set = town.drive("anna", 4);
  town.run();
  REQUIRE(ordinals(town, set) == std::vector<int>{0, 1, 2, 3});
  town.draw(town.account("bob"), around(1.3, 1.7));
  town.run();
  REQUIRE(ordinals(town, set) == std::vector<int>{0, 1, 2, 3});
  town.draw(town.account("anna"), around(1.3, 1.7));
  town.run();
  REQUIRE(town.fates(set) == "++++");
  REQUIRE(ordinals(town, set) == std::vector<int>{0, 1, 3, 4});
}

TEST_CASE("a sequence that lies wholly in a zone goes with its frames") {
  Town town;
  const auto set = town.drive("anna", 3);
  town.run();
  town.draw(town.account("anna"), around(0, 2));
  REQUIRE(town.fates(set) == "ppp");
  const auto row = sequence(town, set);
  REQUIRE(row.deleted_at);
  REQUIRE(row.south_west == LatLon{});
  town.run();
  REQUIRE(town.map().empty());
  REQUIRE(town.count("sightings") == 0);
}

TEST_CASE("an area that the operator excludes holds for everyone, for what came before it and after it") {
  Town town;
  const auto annas = town.drive("anna", 4);
  town.run();
  town.draw(std::nullopt, around(1, 2));
  const auto bobs = town.drive("bob", 4);
  town.run();
  REQUIRE(town.fates(annas) == "+ee+");
  REQUIRE(town.fates(bobs) == "+ee+");
}

TEST_CASE("what is seen from outside in an area shows no more than what lies in it") {
  Town town;
  town.drive("anna", 4);
  town.run();
  REQUIRE(town.count("sightings") == 4);
  const auto sign = moved(step(2), {0, 30});
  const auto circle =
      std::get<area::PrivateArea>(area::PrivateArea::from_json({{"type", "Circle"}, {"center", {sign.lon_deg(), sign.lat_deg()}}, {"radius_m", 15}}, {}));
  town.draw(town.account("anna"), circle);
  town.run();
  REQUIRE(town.count("sightings") == 3);
  REQUIRE(store::all_features(town.session).size() == 3);
}

TEST_CASE("removing a zone brings nothing back, but the same pictures sent again are shown") {
  Town town;
  const auto anna = town.account("anna");
  const auto zone = town.draw(anna, around(1, 2));
  const auto set = town.drive("anna", 4);
  town.run();
  bool removed = false;
  town.session.write([&](store::Session& s) { removed = store::delete_private_area(s, *zone, anna); });
  REQUIRE(removed);
  town.run();
  REQUIRE(town.fates(set) == "+pp+");
  const auto again = town.drive("anna", 4, "again");
  town.run();
  REQUIRE(town.fates(again) == "++");   // the two that were taken away; the others are where they were
  REQUIRE(town.fates(set) == "++");
}

TEST_CASE("a result that was under way when a zone was drawn publishes nothing of it") {
  for (const auto stage : {store::Stage::decode, store::Stage::assemble, store::Stage::inspect, store::Stage::fuse}) {
    Town town;
    const auto set = town.drive("anna", 1);
    const auto result = town.answer_at(stage);
    town.draw(town.account("anna"), around(-1, 1));
    town.bring(result);
    CAPTURE(store::name_of(stage));
    REQUIRE(town.fates(set) == "p");
    town.run();
    REQUIRE(town.fates(set) == "p");
    REQUIRE(town.map().empty());
    REQUIRE(town.count("sightings") == 0);
  }
}

TEST_CASE("an account has at most a hundred zones, each of which holds") {
  Town town;
  const auto anna = town.account("anna");
  for (std::size_t i = 0; i < changes::kMostZones; ++i) REQUIRE(town.draw(anna, around(10.0 * static_cast<double>(i), 10.0 * static_cast<double>(i) + 1)));
  REQUIRE_FALSE(town.draw(anna, around(5, 6)));
  REQUIRE(town.draw(town.account("bob"), around(5, 6)));
  const auto set = town.drive("anna", 12);
  town.run();
  REQUIRE(town.fates(set) == "pp++++++++pp");
}
