// Features for readers: boxes, pages.

#include "services/store/map.hpp"
#include "tests/catch.hpp"
#include "tests/random.hpp"
#include "tests/services/gateway/served.hpp"

#include <set>

using namespace cairn;
using namespace cairn::testing;
using nlohmann::json;

namespace {

/// Features at random places around Lund, each in the cell that owns it.
std::vector<Feature> add_features(store::Session& session, Random& random, int count) {
  std::vector<Feature> all;
  std::map<TileId, std::vector<Feature>> by_cell;
  for (int i = 0; i < count; ++i) {
    Feature feature;
    feature.id = FeatureId::derived_from({"feature", std::to_string(i)});
    feature.place = *LatLon::from_degrees(55.7 + random.between(-0.05, 0.05), 13.2 + random.between(-0.05, 0.05));
    if (i % 5 == 0 && i > 0) feature.place = all.back().place;   // two things on one pole
    all.push_back(feature);
    by_cell[tile_of(feature.place, 16)].push_back(feature);
  }
  session.write([&](store::Session& writer) {
    for (const auto& [cell, features] : by_cell) store::replace_features(writer, cell, features);
  });
  return all;
}

std::string next_of(const json& page) {
  for (const auto& link : page["links"]) {
    if (link["rel"] == "next") return link["href"];
  }
  return {};
}

bool lies_in(LatLon place, const GeoBounds& box) {
  return place.lon_deg() >= box.west_deg && place.lon_deg() <= box.east_deg && place.lat_deg() >= box.south_deg && place.lat_deg() <= box.north_deg;
}

std::string text_of(const GeoBounds& box) {
  return std::to_string(box.west_deg) + "," + std::to_string(box.south_deg) + "," + std::to_string(box.east_deg) + "," + std::to_string(box.north_deg);
}

}  // namespace

TEST_CASE("pages of features hold everything in a box once, and no page more than its limit") {
  Served served;
  auto session = served.session();
  CAPTURE(seed_of_run());
  Random random{seed_of_run()};
  const auto all = add_features(session, random, 300);
  for (const auto& box : {GeoBounds{-180, -90, 180, 90}, GeoBounds{13.18, 55.68, 13.21, 55.72}, GeoBounds{13.1, 55.699, 13.3, 55.701}, GeoBounds{0, 0, 1, 1}}) {
    for (const int limit : {1, 7, 1000}) {
      CAPTURE(text_of(box), limit);
      std::set<std::string> wanted, found;
      for (const auto& feature : all) {
        if (lies_in(feature.place, box)) wanted.insert(feature.id.text());
      }
      auto path = "/api/features?bbox=" + text_of(box) + "&limit=" + std::to_string(limit);
      while (!path.empty()) {
        const auto page = served.client().get(path).json();
        REQUIRE(page["features"].size() <= static_cast<std::size_t>(limit));
        REQUIRE(page["numberReturned"] == page["features"].size());
        for (const auto& feature : page["features"]) REQUIRE(found.insert(feature["id"]).second);
        const auto next = next_of(page);
        path = next.empty() ? next : next.substr(next.find("/api/"));
      }
      REQUIRE(found == wanted);
    }
  }
  REQUIRE(served.client().get("/api/features").json()["features"].size() == 300);
}

TEST_CASE("a page of features ends when it has read enough, also where nothing of that lies in its box") {
  Served served;
  auto session = served.session();
  Random random{1};
  const auto all = add_features(session, random, 100);
  store::FeaturePage page;
  page.within = GeoBounds{-180, 55.7, 180, 55.7000001};   // its cells reach around the world
  page.most_read = 30;
  int pages = 1;
  for (auto found = store::list_features(session, page); found.last; found = store::list_features(session, page), ++pages) {
    REQUIRE(found.features.empty());
    page.behind = *found.last;
  }
  REQUIRE(pages == 4);
}

TEST_CASE("a page of features that no answer has led to is refused with a sentence") {
  Served served;
  for (const char* query : {"page=1", "page=1_2", "page=-1_00000000-0000-0000-0000-000000000000", "limit=0", "bbox=1,2"}) {
    CAPTURE(query);
    const auto answer = served.client().get(std::string{"/api/features?"} + query);
    REQUIRE(answer.status == 400);
    REQUIRE(answer.json()["message"].get<std::string>().size() > 20);
  }
}
