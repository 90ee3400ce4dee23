#include "services/simulate/sun.hpp"
#include "services/simulate/simulate.hpp"
#include "tests/catch.hpp"

using namespace cairn;
using namespace cairn::simulate;

TEST_CASE("the sun stands where it should") {
  // Greenwich at the June solstice's noon: 90 - 51.48 + 23.44 degrees high, in the south.
  const auto noon = sun_at(*time_from_iso8601("2026-06-21T12:00:00Z"), *LatLon::from_degrees(51.48, 0));
  REQUIRE(noon.elevation_deg == Approx(61.96).margin(0.3));
  REQUIRE(noon.azimuth_deg == Approx(180).margin(1));
  // At an equinox it rises in the east, at six o'clock of the place's own time: 4 h UTC at 30 degrees east.
  const auto dawn = sun_at(*time_from_iso8601("2026-03-20T04:00:00Z"), *LatLon::from_degrees(40, 30));
  REQUIRE(dawn.elevation_deg == Approx(0).margin(1));
  REQUIRE(dawn.azimuth_deg == Approx(90).margin(1));
}

TEST_CASE("night is when the sun is well below the horizon") {
  REQUIRE(light_at(*time_from_iso8601("2026-05-16T07:40:00Z"), kDefaultOrigin) == Light::day);
  REQUIRE(light_at(*time_from_iso8601("2026-05-16T21:30:00Z"), kDefaultOrigin) == Light::night);
}
