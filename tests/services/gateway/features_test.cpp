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
    feature.object = i % 3 == 0 ? ObjectClass::traffic_light : ObjectClass::sign;
    feature.first_seen = kNow + std::chrono::hours{i};
    feature.last_seen = feature.first_seen + std::chrono::hours{10};
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

/// Ids on a page and all that follow it; none may stand on two, and no page may be longer than `limit`.
std::set<std::string> all_of(const Served& served, std::string path, std::size_t limit) {
  std::set<std::string> found;
  while (!path.empty()) {
    const auto page = served.client().get(path).json();
    REQUIRE(page["features"].size() <= limit);
    REQUIRE(page["numberReturned"] == page["features"].size());
    for (const auto& feature : page["features"]) REQUIRE(found.insert(feature["id"]).second);
    const auto next = next_of(page);
    path = next.empty() ? next : next.substr(next.find('/', sizeof "http://"));
  }
  return found;
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
      std::set<std::string> wanted;
      for (const auto& feature : all) {
        if (lies_in(feature.place, box)) wanted.insert(feature.id.text());
      }
      for (const std::string list : {"/api/features", "/ogc/collections/features/items"}) {
        REQUIRE(all_of(served, list + "?bbox=" + text_of(box) + "&limit=" + std::to_string(limit), static_cast<std::size_t>(limit)) == wanted);
      }
    }
  }
  REQUIRE(served.client().get("/api/features").json()["features"].size() == 300);
}

TEST_CASE("features are found by class, and by any time between their first and last sighting, page by page") {
  Served served;
  auto session = served.session();
  Random random{1};
  const auto all = add_features(session, random, 100);
  const auto wanted_ids = [&](const auto& is_wanted) {
    std::set<std::string> ids;
    for (const auto& feature : all) {
      if (is_wanted(feature)) ids.insert(feature.id.text());
    }
    return ids;
  };
  const auto from = kNow + std::chrono::hours{30}, to = kNow + std::chrono::hours{40};
  const auto list = std::string{"/ogc/collections/features/items?limit=7"};
  REQUIRE(all_of(served, list + "&class=sign", 7) == wanted_ids([](const auto& feature) { return feature.object == ObjectClass::sign; }));
  REQUIRE(all_of(served, list + "&datetime=" + to_iso8601(from) + "/" + to_iso8601(to), 7) == wanted_ids([&](const auto& feature) { return feature.last_seen >= from && feature.first_seen <= to; }));
  REQUIRE(all_of(served, list + "&datetime=" + to_iso8601(from), 7) == wanted_ids([&](const auto& feature) { return feature.first_seen <= from && from <= feature.last_seen; }));
  REQUIRE(all_of(served, list + "&datetime=" + to_iso8601(to) + "/..&class=traffic_light", 7) ==
          wanted_ids([&](const auto& feature) { return feature.last_seen >= to && feature.object == ObjectClass::traffic_light; }));
}

TEST_CASE("a box whose west lies beyond its east reaches across the date line") {
  Served served;
  auto session = served.session();
  std::map<double, std::string> ids;
  session.write([&](store::Session& writer) {
    for (const double lon : {-179.9, -170.0, 0.0, 170.0, 179.9}) {
      Feature feature;
      feature.id = FeatureId::derived_from({std::to_string(lon)});
      feature.place = *LatLon::from_degrees(-17, lon);
      ids[lon] = feature.id.text();
      store::replace_features(writer, tile_of(feature.place, 16), {feature});
    }
  });
  REQUIRE(all_of(served, "/api/features?limit=1&bbox=175,-20,-175,-10", 1) == std::set{ids[179.9], ids[-179.9]});
  REQUIRE(all_of(served, "/api/features?limit=1&bbox=-175,-20,175,-10", 1) == std::set{ids[-170.0], ids[0.0], ids[170.0]});
  REQUIRE(served.client().get("/api/search?bbox=175,-20,-175,-10").status == 400);
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

TEST_CASE("a query for features that makes no sense is refused with a sentence") {
  Served served;
  for (const char* query : {"page=1", "page=1_2", "page=-1_00000000-0000-0000-0000-000000000000", "limit=0", "bbox=1,2", "bbox=1,3,2,2", "bbox=1,nan,2,2", "datetime=yesterday", "datetime=2020-01-01T00:00:00Z/2019-01-01T00:00:00Z", "class=castle"}) {
    CAPTURE(query);
    for (const std::string list : {"/api/features?", "/ogc/collections/features/items?"}) {
      const auto answer = served.client().get(list + query);
      REQUIRE(answer.status == 400);
      REQUIRE(answer.json()["message"].get<std::string>().size() > 20);
    }
  }
}
