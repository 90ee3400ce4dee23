#include "services/simulate/route.hpp"
#include "services/simulate/town.hpp"
#include "tests/catch.hpp"
#include "tests/random.hpp"

#include <stdexcept>

using namespace cairn;
using namespace cairn::simulate;

TEST_CASE("street coordinates lead to the ground and back") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  testing::Random random{seed};
  const Layout layout{4, 3, 90, seed};
  for (int i = 0; i < 500; ++i) {
    const Vec2 street{random.between(-60, 420), random.between(-60, 330)};
    const Vec2 back = layout.street_of(layout.ground_of(street));
    REQUIRE(length(back - street) < 0.02);
  }
}

TEST_CASE("a route keeps to the right-hand lane and never jumps") {
  const Layout layout{4, 3, 90, 7};
  const Route route{layout, {{0, 1}, {1, 1}, {1, 2}, {2, 2}, {2, 1}}};
  for (double m = 0; m + 0.5 < route.length_m(); m += 0.5) {
    const auto here = route.at(m), next = route.at(m + 0.5);
    REQUIRE(length(next.place - here.place) == Approx(0.5).margin(0.05));
    REQUIRE(std::abs(turn_deg(here.heading_deg, next.heading_deg)) < 6);
  }
  const Vec2 street = layout.street_of(route.at(45).place);
  REQUIRE(street.y == Approx(90 - kLane_m).margin(0.25));  // heading east, so south of the middle line
}

TEST_CASE("a route that jumps, turns back or leaves the town is refused with the crossing") {
  const Layout layout{2, 2, 90, 7};
  REQUIRE_THROWS_WITH((Route{layout, {{0, 0}, {2, 0}}}), "the route jumps to crossing 2,0");
  REQUIRE_THROWS_WITH((Route{layout, {{0, 0}, {1, 0}, {0, 0}}}), "the route turns back at crossing 0,0");
  REQUIRE_THROWS_WITH((Route{layout, {{2, 2}, {3, 2}}}), "crossing 3,2 lies outside the town");
  REQUIRE_THROWS_AS((Route{layout, {{0, 0}}}), std::invalid_argument);
}

TEST_CASE("a wandering route is long enough and can be driven") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  for (std::uint64_t i = 0; i < 30; ++i) {
    const Layout layout{2, 2, 90, i};
    REQUIRE(Route(layout, wandering(layout, simulate::Random{seed + i}, 1200)).length_m() > 1150);
  }
}

TEST_CASE("time and way of a speed profile belong together, and bends are taken slowly") {
  const Layout layout{3, 3, 90, 3};
  const Route route{layout, {{0, 1}, {1, 1}, {1, 2}, {2, 2}}};
  const SpeedProfile speed{route, 12, simulate::Random{1}};
  for (double m = 0; m < route.length_m() - 1; m += 3.3) {
    REQUIRE(speed.metres_at(speed.seconds_at(m)) == Approx(m).margin(0.02));
    const double v = speed.speed_at(m);
    REQUIRE(v * v * std::abs(route.at(m).curvature) < 2.8);
  }
}

TEST_CASE("the same seed makes the same town, another seed another") {
  const auto a = make_town({.seed = 5}), b = make_town({.seed = 5}), c = make_town({.seed = 6});
  REQUIRE(a.signs.size() == b.signs.size());
  for (std::size_t i = 0; i < a.signs.size(); ++i) {
    REQUIRE(a.signs[i].kind == b.signs[i].kind);
    REQUIRE(a.signs[i].centre.x == b.signs[i].centre.x);
  }
  REQUIRE(a.signs[0].centre.x != c.signs[0].centre.x);
}

TEST_CASE("a town that can't be built is refused") {
  REQUIRE_THROWS_WITH(make_town({.blocks_east = 0}), "a town has 1 to 40 blocks a side");
  REQUIRE_THROWS_WITH(make_town({.block_m = 10}), "a block is 70 to 300 m wide");
}
