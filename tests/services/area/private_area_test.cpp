#include "services/area/private_area.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

using namespace cairn;
using namespace cairn::area;

namespace {

LatLon at(double lat, double lon) { return *LatLon::from_degrees(lat, lon); }

PrivateArea area_of(const std::string& json, const AreaLimits& limits = {1000, 1e9}) {
  auto read = PrivateArea::from_json(nlohmann::json::parse(json), limits);
  if (const auto* problem = std::get_if<std::string>(&read)) FAIL(*problem);
  return std::get<PrivateArea>(read);
}
std::string problem(const std::string& json, const AreaLimits& limits = kZoneLimits) {
  const auto read = PrivateArea::from_json(nlohmann::json::parse(json, nullptr, false), limits);
  return std::holds_alternative<std::string>(read) ? std::get<std::string>(read) : "none";
}
std::string polygon(const std::string& rings) { return R"({"type":"Polygon","coordinates":[)" + rings + "]}"; }
PrivateArea circle(LatLon centre, double radius_m) {
  return std::get<PrivateArea>(PrivateArea::from_json({{"type", "Circle"}, {"center", {centre.lon_deg(), centre.lat_deg()}}, {"radius_m", radius_m}}, kZoneLimits));
}

const std::string kSquare = polygon("[[13,55],[14,55],[14,56],[13,56],[13,55]],[[13.4,55.4],[13.6,55.4],[13.6,55.6],[13.4,55.6],[13.4,55.4]]");

}  // namespace

TEST_CASE("a polygon holds its inside, its border and its corners, and not what lies 1 cm outside") {
  const auto square = area_of(kSquare);
  REQUIRE(square.holds(at(55.2, 13.2)));
  for (const auto place : {at(55, 13.5), at(56, 13.5), at(55.5, 13), at(55.5, 14), at(55, 13), at(56, 14)}) REQUIRE(square.holds(place));
  for (const auto place : {at(54.9999999, 13.5), at(56.0000001, 13.5), at(55.5, 12.9999999), at(55.5, 14.0000001)}) REQUIRE_FALSE(square.holds(place));
}

TEST_CASE("a hole lies outside, its border inside") {
  const auto square = area_of(kSquare);
  REQUIRE_FALSE(square.holds(at(55.5, 13.5)));
  REQUIRE(square.holds(at(55.4, 13.5)));
  REQUIRE(square.holds(at(55.5, 13.4)));
  REQUIRE_FALSE(square.holds(at(55.5, 13.4000001)));
}

TEST_CASE("a slanted border is exact over half the globe") {
  const auto triangle = area_of(polygon("[[-170,-80],[9,-80],[-170,80],[-170,-80]]"), {1000, 1e9});
  // The slanted side leads from (9, -80) to (-170, 80): 179 degrees west while 160 north. Its middle:
  REQUIRE(triangle.holds(at(0, -80.5)));
  REQUIRE_FALSE(triangle.holds(at(0, -80.4999999)));
  REQUIRE(triangle.holds(at(0, -80.5000001)));
}

TEST_CASE("a circle holds what is its radius away, and nothing farther") {
  const auto centre = at(55.7, 13.2);
  for (const double bearing : {0.0, 1.0, 2.0, 4.0}) {
    const auto border = moved(centre, {200 * std::sin(bearing), 200 * std::cos(bearing)});
    const auto distance = ground_distance_m(centre, border);
    REQUIRE(circle(centre, distance).holds(border));
    REQUIRE_FALSE(circle(centre, std::nextafter(distance, 0)).holds(border));
  }
  REQUIRE(circle(at(0, 180), 1000).holds(at(0, -179.999)));
}

TEST_CASE("the box around an area holds everything that the area holds") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  testing::Random random{seed};
  for (int i = 0; i < 500; ++i) {
    const auto centre = i % 2 == 0 ? random.place() : at(random.between(-85, 85), random.between(179.9, 180));
    const double radius = random.between(10, 10'000);
    const double bearing = random.between(0, 6.28);
    const auto place = moved(centre, {0.99 * radius * std::sin(bearing), 0.99 * radius * std::cos(bearing)});
    const auto area = circle(centre, radius);
    const auto box = area.bounds();
    if (!area.holds(place)) continue;
    REQUIRE(place.lat_deg() >= box.south_deg);
    REQUIRE(place.lat_deg() <= box.north_deg);
    REQUIRE(place.lon_deg() >= box.west_deg);
    REQUIRE(place.lon_deg() <= box.east_deg);
  }
}

TEST_CASE("a straight way meets an area exactly when some place on it lies within") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  testing::Random random{seed};
  const auto triangle = area_of(polygon("[[13,55],[13.1,55],[13.02,55.08],[13,55]]"));
  const auto around = circle(at(55.05, 13.05), 3000);
  int met = 0;
  for (int i = 0; i < 500; ++i) {
    const auto from = at(random.between(54.9, 55.2), random.between(12.9, 13.2)), to = at(random.between(54.9, 55.2), random.between(12.9, 13.2));
    for (const auto* area : {&triangle, &around}) {
      bool holds_some = false;
      for (int step = 0; step <= 200; ++step) {
        const double share = step / 200.0;
        holds_some = holds_some || area->holds(at(from.lat_deg() + share * (to.lat_deg() - from.lat_deg()), from.lon_deg() + share * (to.lon_deg() - from.lon_deg())));
      }
      if (holds_some) REQUIRE(area->meets(from, to));
      met += area->meets(from, to) ? 1 : 0;
    }
  }
  REQUIRE(met > 100);
  REQUIRE_FALSE(triangle.meets(at(54.99, 12.99), at(54.99, 13.2)));
  REQUIRE(triangle.meets(at(55, 12), at(55, 13)));       // its corner
  REQUIRE(triangle.meets(at(10, -179.9), at(10, 179.9))); // over the antimeridian: taken to
}

TEST_CASE("an area comes back from what is stored of it") {
  for (const auto& text : {kSquare, std::string{R"({"type":"Circle","center":[13.2,55.7],"radius_m":200.0})"}}) {
    const auto once = area_of(text).json().dump();
    REQUIRE(PrivateArea::from_stored(once).json().dump() == once);
  }
  REQUIRE_THROWS_WITH(PrivateArea::from_stored("{}"), ContainsText("can't be read"));
}

TEST_CASE("what is no area is refused with what is wrong") {
  REQUIRE_THAT(problem(""), ContainsText("Circle"));
  REQUIRE_THAT(problem("[]"), ContainsText("Circle"));
  REQUIRE_THAT(problem(R"({"type":5})"), ContainsText("Circle"));
  REQUIRE_THAT(problem(R"({"type":"Point","coordinates":[1,2]})"), ContainsText("GeoJSON Polygon"));
  REQUIRE_THAT(problem(R"({"type":"Circle"})"), ContainsText("center"));
  REQUIRE_THAT(problem(R"({"type":"Circle","center":[13,91],"radius_m":200})"), ContainsText("center"));
  REQUIRE_THAT(problem(R"({"type":"Circle","center":[null,55],"radius_m":200})"), ContainsText("center"));
  for (const std::string radius : {"9", "-200", "10001", "1e300", "\"200\"", "null"})
    REQUIRE_THAT(problem(R"({"type":"Circle","center":[13,55],"radius_m":)" + radius + "}"), ContainsText("10 to 10000"));
  for (const std::string rings : {"", "[]", "5", "[[1,2],[3,4],[1,2]]", "[[1,2],[3,4],[5,6],[7,8]]", "[[1,2],[3,4],[5,96],[1,2]]", "[[1,2],[3,\"4\"],[5,6],[1,2]]"})
    REQUIRE_THAT(problem(polygon(rings)), ContainsText("the last like the first"));
}

TEST_CASE("a ring that crosses or touches itself is refused: part of it would not be private") {
  for (const std::string rings : {"[[13,55],[13.1,55.1],[13.1,55],[13,55.1],[13,55]]",          // a bow tie
                                  "[[13,55],[13.1,55],[13.05,55],[13.05,55.1],[13,55]]",        // it runs back along itself
                                  "[[13,55],[13.1,55],[13.1,55],[13,55]]",                      // a line there and back
                                  "[[13,55],[13,55],[13,55],[13,55]]",                          // one place
                                  "[[13,55],[13.2,55],[13.1,55.1],[13.1,55],[13,55.1],[13,55]]"})  // a corner on a side
    REQUIRE_THAT(problem(polygon(rings)), ContainsText("one simple line"));
  REQUIRE(problem(polygon("[[13,55],[13.1,55],[13.1,55],[13.1,55.1],[13,55]]")) == "none");  // a corner said twice
}

TEST_CASE("an area that is too large, has too many corners or lies across the antimeridian is refused with the way out") {
  REQUIRE_THAT(problem(polygon("[[13,55],[14,55],[14,56],[13,56],[13,55]]")), ContainsText("50 km across"));
  REQUIRE(problem(polygon("[[13,55],[14,55],[14,56],[13,56],[13,55]]"), kExcludedLimits) == "none");
  REQUIRE_THAT(problem(polygon("[[-100,55],[50,55],[14,56],[-100,55]]"), kExcludedLimits), ContainsText("5000 km across"));
  REQUIRE_THAT(problem(polygon("[[-179.9,2],[179.9,2],[179.9,3],[-179.9,2]]")), ContainsText("antimeridian as two"));
  std::string ring;
  for (int i = 0; i < 1000; ++i) ring += "[" + std::to_string(13 + 0.1 * std::cos(i * 0.00628)) + "," + std::to_string(55 + 0.1 * std::sin(i * 0.00628)) + "],";
  REQUIRE_THAT(problem(polygon("[" + ring + "[13.1,55.0]]")), ContainsText("1000 corners"));
}
