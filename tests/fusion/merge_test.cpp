#include "fusion/merge.hpp"

#include "tests/catch.hpp"
#include "tests/fusion/drive.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using namespace cairn;
using namespace cairn::fusion;
using testing::account_numbered;
using testing::Random;

namespace {

Sighting sighting_at(LatLon place, int number, int contributor = 1) {
  Sighting sighting;
  sighting.id = SightingId::derived_from({"test", std::to_string(number)});
  sighting.sequence = SequenceId::derived_from({"test", std::to_string(number)});
  sighting.contributor = account_numbered(contributor);
  sighting.place = place;
  sighting.accuracy_m = 2;
  sighting.score = 0.8;
  sighting.first_seen = UtcTime{std::chrono::hours{24 * (20'000 + number)}};
  sighting.last_seen = sighting.first_seen + std::chrono::seconds{3};
  sighting.frames = {testing::frame_numbered(3 * number), testing::frame_numbered(3 * number + 1),
                     testing::frame_numbered(3 * number + 2)};
  return sighting;
}

LatLon at(double east_m, double north_m) { return moved(testing::drive_origin(), {east_m, north_m}); }

/// All features around a place, cell by cell.
std::vector<Feature> merged_around(const std::vector<Sighting>& sightings, LatLon place) {
  std::vector<Feature> all;
  for (const auto& cell : merge_cells_around(place)) {
    for (auto& feature : merge(sightings, cell)) all.push_back(std::move(feature));
  }
  return all;
}

/// Sightings crowded around the corner of four cells, so that margins matter.
std::vector<Sighting> crowd_at_a_corner(Random& random, LatLon corner, int count, double spread_m) {
  std::vector<Sighting> sightings;
  for (int i = 0; i < count; ++i) {
    auto sighting =
        sighting_at(moved(corner, {random.between(-spread_m, spread_m), random.between(-spread_m, spread_m)}), i,
                    static_cast<int>(random.whole(1, 5)));
    sighting.accuracy_m = random.between(0.2, 12);
    sighting.first_seen = UtcTime{std::chrono::seconds{1'700'000'000 + random.whole(0, 1'000'000)}};
    sighting.last_seen = sighting.first_seen;
    if (random.whole(0, 4) == 0) sighting.object = ObjectClass::traffic_light;
    if (random.whole(0, 1) == 0) sighting.facing_deg = random.between(0, 360);
    if (random.whole(0, 2) == 0)
      sighting.sequence = SequenceId::derived_from({"shared", std::to_string(random.whole(0, 5))});
    if (random.whole(0, 2) == 0) sighting.frames = {testing::frame_numbered(static_cast<int>(random.whole(0, 20)))};
    sightings.push_back(sighting);
  }
  return sightings;
}

LatLon corner_near(LatLon place) {
  const auto bounds = bounds_of(tile_of(place, kMergeZoom));
  return *LatLon::from_degrees(bounds.south_deg, bounds.west_deg);
}

using Everything = std::map<FeatureId, std::vector<SightingId>>;

bool same(const Feature& a, const Feature& b) {
  return a.id == b.id && a.object == b.object && a.state == b.state && a.place == b.place && a.height_m == b.height_m &&
         a.accuracy_m == b.accuracy_m && a.facing_deg == b.facing_deg && a.existence == b.existence &&
         a.first_seen == b.first_seen && a.last_seen == b.last_seen && a.views == b.views &&
         a.contributors == b.contributors && a.sightings == b.sightings;
}

}  // namespace

TEST_CASE("sightings of one sign by two contributors are one confirmed feature between them") {
  const auto features = merged_around({sighting_at(at(0, 0), 1, 1), sighting_at(at(3, 0), 2, 2)}, at(0, 0));
  REQUIRE(features.size() == 1);
  REQUIRE(features[0].state == FeatureState::confirmed);
  REQUIRE(features[0].contributors == 2);
  REQUIRE(features[0].views == 6);
  REQUIRE(ground_distance_m(features[0].place, at(1.5, 0)) < 0.05);
  REQUIRE(features[0].accuracy_m == Approx(2 / std::sqrt(2.0)));
  REQUIRE(features[0].existence == Approx(1 - 0.44 * 0.44));
}

TEST_CASE("many sightings by one contributor confirm nothing, and on one day weigh as one") {
  auto first = sighting_at(at(0, 0), 1), second = sighting_at(at(0, 1), 2), third = sighting_at(at(0, 2), 3);
  second.first_seen = first.first_seen + std::chrono::hours{1};
  third.first_seen = first.first_seen + std::chrono::hours{2};
  const auto features = merged_around({first, second, third}, at(0, 0));
  REQUIRE(features.size() == 1);
  REQUIRE(features[0].state == FeatureState::seen);
  REQUIRE(features[0].accuracy_m == Approx(2));
}

TEST_CASE("what is far apart, of another class or faces the other way is another feature") {
  auto light = sighting_at(at(0, 0), 3);
  light.object = ObjectClass::traffic_light;
  auto north = sighting_at(at(100, 0), 4), south = sighting_at(at(101, 0), 5);
  north.facing_deg = 0;
  south.facing_deg = 180;
  REQUIRE(merged_around({sighting_at(at(0, 0), 1), sighting_at(at(20, 0), 2), light, north, south}, at(0, 0)).size() ==
          5);
}

TEST_CASE("two signs in one picture stay two, and another pass adds to each its own") {
  auto left = sighting_at(at(0, 0), 1), right = sighting_at(at(4, 0), 2);
  right.sequence = left.sequence;
  right.frames = left.frames;
  auto left_again = sighting_at(at(0.5, 1), 3, 2), right_again = sighting_at(at(4.5, 1), 4, 2);
  right_again.sequence = left_again.sequence;
  right_again.frames = left_again.frames;
  const auto features = merged_around({left, right, left_again, right_again}, at(0, 0));
  REQUIRE(features.size() == 2);
  for (const auto& feature : features) REQUIRE(feature.state == FeatureState::confirmed);
}

TEST_CASE("a later sighting does not rename the feature") {
  const auto before = merged_around({sighting_at(at(0, 0), 1)}, at(0, 0));
  const auto after = merged_around({sighting_at(at(0, 0), 1), sighting_at(at(2, 0), 7, 2)}, at(0, 0));
  REQUIRE(before.at(0).id == after.at(0).id);
}

TEST_CASE("any order of sightings gives the same features") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  auto sightings = crowd_at_a_corner(random, corner_near(testing::drive_origin()), 150, 60);
  const auto cell = tile_of(testing::drive_origin(), kMergeZoom);
  const auto expected = merge(sightings, cell);
  for (int run = 0; run < 10; ++run) {
    std::ranges::shuffle(sightings, random.engine());
    const auto features = merge(sightings, cell);
    REQUIRE(std::ranges::equal(features, expected, same));
  }
  sightings.insert(sightings.end(), sightings.begin(), sightings.begin() + 50);  // told twice
  REQUIRE(std::ranges::equal(merge(sightings, cell), expected, same));
}

TEST_CASE("cells merged each from the sightings that name it together are everything merged at once, each sighting once") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  for (int run = 0; run < 40; ++run) {
    const auto corner =
        corner_near(run % 4 == 0 ? *LatLon::from_degrees(random.between(-70, 70), 180) : random.place());
    const auto sightings =
        crowd_at_a_corner(random, corner, static_cast<int>(random.whole(1, 200)), random.between(10, 120));
    std::set<TileId> cells;
    for (const auto& sighting : sightings) cells.insert(tile_of(sighting.place, kMergeZoom));
    std::size_t counted = 0;
    for (const auto& cell : cells) {
      std::vector<Sighting> near;
      std::ranges::copy_if(sightings, std::back_inserter(near), [&](const Sighting& sighting) {
        const auto named = merge_cells_around(sighting.place);
        return std::ranges::find(named, cell) != named.end();
      });
      const auto alone = merge(near, cell), at_once = merge(sightings, cell);
      REQUIRE(std::ranges::equal(alone, at_once, same));
      for (const auto& feature : alone) counted += feature.sightings.size();
    }
    REQUIRE(counted == sightings.size());
  }
}

TEST_CASE("a sighting changes only cells that merge_cells_around names") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  for (int run = 0; run < 40; ++run) {
    const auto corner = corner_near(random.place());
    auto sightings = crowd_at_a_corner(random, corner, 120, random.between(20, 100));
    std::set<TileId> cells;
    for (const auto& sighting : sightings) cells.insert(tile_of(sighting.place, kMergeZoom));
    const auto gone = sightings.back();
    auto without = sightings;
    without.pop_back();
    const auto named = merge_cells_around(gone.place);
    for (const auto& cell : cells) {
      if (std::ranges::find(named, cell) != named.end()) continue;
      REQUIRE(std::ranges::equal(merge(sightings, cell), merge(without, cell), same));
    }
  }
}

TEST_CASE("the cells around a place are its own, and its neighbours' within the margin") {
  const auto cell = tile_of(testing::drive_origin(), kMergeZoom);
  const auto bounds = bounds_of(cell);
  const auto middle =
      *LatLon::from_degrees((bounds.south_deg + bounds.north_deg) / 2, (bounds.west_deg + bounds.east_deg) / 2);
  REQUIRE(merge_cells_around(middle) == std::vector{cell});
  const auto corner = corner_near(testing::drive_origin());
  REQUIRE(merge_cells_around(corner).size() == 4);
  REQUIRE(merge_cells_around(moved(middle, {0, 0})).size() == 1);
  const auto edge = *LatLon::from_degrees(bounds.south_deg, (bounds.west_deg + bounds.east_deg) / 2);
  REQUIRE(merge_cells_around(moved(edge, {0, 39})).size() == 2);
  REQUIRE(merge_cells_around(moved(edge, {0, 42})).size() == 1);
  REQUIRE(merge_cells_around(*LatLon::from_degrees(10, 180)).size() >= 2);
}

TEST_CASE("numbers that are none harm no other feature") {
  auto odd = sighting_at(at(0, 0), 1);
  odd.accuracy_m = std::nan("");
  const auto features = merged_around({odd, sighting_at(at(1, 0), 2, 2), sighting_at(at(30, 0), 3)}, at(0, 0));
  for (const auto& feature : features) REQUIRE(std::isfinite(feature.accuracy_m));
  REQUIRE(features.size() == 2);
}
