#include "core/lat_lon.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"

#include <limits>

using namespace cairn;

TEST_CASE("a place off the globe is no place") {
  REQUIRE_FALSE(LatLon::from_degrees(91.2, 0));
  REQUIRE_FALSE(LatLon::from_degrees(0, -180.1));
  REQUIRE_FALSE(LatLon::from_degrees(std::numeric_limits<double>::quiet_NaN(), 0));
  REQUIRE(LatLon::from_degrees(-90, 180));
  for (const auto least = std::numeric_limits<std::int64_t>::min(); const auto most : {900'000'001L, 1L << 40}) {
    REQUIRE_FALSE(LatLon::from_e7(most, 0));
    REQUIRE_FALSE(LatLon::from_e7(-most, 0));
    REQUIRE_FALSE(LatLon::from_e7(least, 0));
    REQUIRE_FALSE(LatLon::from_e7(0, least));
  }
}

TEST_CASE("a distance is the geodesic's") {
  // Karney's GeodSolve, JFK to LHR: 5551759.400 m, azimuth 51.0 degrees at the start.
  const auto jfk = *LatLon::from_degrees(40.6, -73.8);
  const auto lhr = *LatLon::from_degrees(51.6, -0.5);
  REQUIRE(ground_distance_m(jfk, lhr) == Approx(5551759.400).margin(0.05));
  REQUIRE(bearing_deg(jfk, lhr) == Approx(51.198882).margin(1e-4));
}

TEST_CASE("a step there leads to where it was measured, within a centimetre") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  testing::Random random{seed};
  for (int i = 0; i < 1000; ++i) {
    const auto from = random.place();
    const EastNorth step{random.between(-500, 500), random.between(-500, 500)};
    const auto to = moved(from, step);
    REQUIRE(step_between(from, to).east_m == Approx(step.east_m).margin(0.012));
    REQUIRE(step_between(from, to).north_m == Approx(step.north_m).margin(0.012));
    REQUIRE(ground_distance_m(from, to) == Approx(std::hypot(step.east_m, step.north_m)).margin(0.05));
  }
}

TEST_CASE("a turn is the short way round, clockwise positive") {
  REQUIRE(turn_deg(350, 10) == Approx(20));
  REQUIRE(turn_deg(10, 350) == Approx(-20));
  REQUIRE(turn_deg(0, 180) == Approx(180));
  REQUIRE(heading_within_circle(-1e-20) < 360);
}
