#include "fusion/triangulate.hpp"

#include "core/angle.hpp"
#include "tests/catch.hpp"
#include "tests/random.hpp"

#include <cmath>

using namespace cairn;
using namespace cairn::fusion;
using testing::Random;

namespace {

View view_from(EastNorth from, const Point& point, double yaw_error_deg = 0) {
  const double east = point.at.east_m - from.east_m, north = point.at.north_m - from.north_m;
  return {from,
          0,
          heading_within_circle(std::atan2(east, north) * kDegrees + yaw_error_deg),
          std::atan2(point.up_m, std::hypot(east, north)) * kDegrees,
          0.1,
          0};
}

/// Views of a thing from a straight drive to the north that ends beside it.
ViewsOfThing drive_past(const Point& point, double yaw_error_deg, Random& random, double noise_deg) {
  ViewsOfThing views;
  for (double north = point.at.north_m - 40; north < point.at.north_m - 6; north += 3) {
    views.push_back(view_from({0, north}, point, yaw_error_deg + random.between(-noise_deg, noise_deg)));
  }
  return views;
}

double error_m(const Point& a, const Point& b) {
  return std::hypot(a.at.east_m - b.at.east_m, a.at.north_m - b.at.north_m);
}

}  // namespace

TEST_CASE("exact rays meet where the thing stands") {
  Random random{testing::seed_of_run()};
  for (int i = 0; i < 200; ++i) {
    const Point thing{{random.between(-12, 12), random.between(-100, 100)}, random.between(-1, 4)};
    if (std::abs(thing.at.east_m) < 2) continue;
    const auto point = linear_point(drive_past(thing, 0, random, 0));
    REQUIRE(point);
    REQUIRE(error_m(*point, thing) < 1e-6);
    REQUIRE(point->up_m == Approx(thing.up_m).margin(1e-6));
  }
}

TEST_CASE("parallel rays, one ray and rays that meet behind the camera give no point") {
  const Point far{{0, 1e7}, 0};
  REQUIRE_FALSE(linear_point(ViewsOfThing{view_from({0, 0}, far), view_from({5, 0}, far)}));
  REQUIRE_FALSE(linear_point(ViewsOfThing{view_from({0, 0}, {{1, 1}, 0})}));
  REQUIRE_FALSE(linear_point(ViewsOfThing{}));
  const View left{{0, 0}, 0, 350, 0, 0.1, 0}, right{{10, 0}, 0, 10, 0, 0.1, 0};
  REQUIRE_FALSE(linear_point(ViewsOfThing{left, right}));
}

TEST_CASE("parallax is the widest angle between bearings, also across north") {
  const View a{{}, 0, 355, 0, 0.1, 0}, b{{}, 0, 10, 0, 0.1, 0};
  REQUIRE(parallax_deg(ViewsOfThing{a, b}) == Approx(15));
}

TEST_CASE("a camera's yaw common to all views is found from the things it passed, and their places with it") {
  Random random{testing::seed_of_run()};
  std::vector<ViewsOfThing> things;
  std::vector<Point> truths, starts;
  for (int i = 0; i < 12; ++i) {
    truths.push_back({{(i % 2 == 0 ? 1 : -1) * random.between(3, 8), 30.0 * i}, random.between(0, 3)});
    things.push_back(drive_past(truths.back(), 2, random, 0.1));
    starts.push_back(*linear_point(things.back()));
  }
  const auto bundle = bundled(things, starts);
  REQUIRE(bundle.yaw_deg == Approx(2).margin(0.15));
  REQUIRE(bundle.yaw_sigma_deg < 0.2);
  for (std::size_t i = 0; i < truths.size(); ++i) {
    CAPTURE(i, error_m(starts[i], truths[i]));
    REQUIRE(error_m(bundle.points[i].point, truths[i]) < 0.3);
    REQUIRE(bundle.points[i].sigma_m < 0.3);
  }
}

TEST_CASE("a wrong view among right ones hardly moves the point") {
  Random random{testing::seed_of_run()};
  const Point thing{{5, 0}, 1};
  auto views = drive_past(thing, 0, random, 0.05);
  views[4].bearing_deg += 15;
  const std::vector<ViewsOfThing> things{views};
  const auto bundle = bundled(things, std::vector{*linear_point(views)}, {0.01, 0.01, 50});
  REQUIRE(error_m(bundle.points[0].point, thing) < 0.3);
}

TEST_CASE("what a point claims of its accuracy is what its errors are") {
  Random random{testing::seed_of_run()};
  double squares = 0;
  constexpr int kThings = 400;
  for (int i = 0; i < kThings; ++i) {
    const Point thing{{random.between(3, 10), 0}, 1};
    ViewsOfThing views;
    for (double north = -40; north < -8; north += 4) {
      views.push_back(view_from({0, north}, thing, std::normal_distribution<double>{0, 0.1}(random.engine())));
    }
    const auto bundle =
        bundled(std::vector<ViewsOfThing>{views}, std::vector{*linear_point(views)}, {0.001, 0.001, 25});
    squares += std::pow(error_m(bundle.points[0].point, thing) / bundle.points[0].sigma_m, 2) / 2;
  }
  REQUIRE(std::sqrt(squares / kThings) == Approx(1).margin(0.25));
}

TEST_CASE("nothing to place is no problem") {
  const auto bundle = bundled({}, {});
  REQUIRE(bundle.points.empty());
  REQUIRE(bundle.yaw_deg == 0);
}
