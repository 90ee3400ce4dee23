#include "tiler/tile_set.hpp"

#include "tests/catch.hpp"
#include "tests/tiler/town.hpp"
#include "tiler/mvt/line_run.hpp"

#include <algorithm>
#include <cmath>

using namespace cairn;
using namespace cairn::tiler;

namespace {

double distance_to_line(Vertex2d p, Vertex2d a, Vertex2d b) {
  const double length2 = (b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y);
  const double t = length2 > 0 ? std::clamp(((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / length2, 0.0, 1.0) : 0;
  return std::hypot(p.x - a.x - t * (b.x - a.x), p.y - a.y - t * (b.y - a.y));
}

}  // namespace

TEST_CASE("the ends of a line show always, a vertex that bends it from the zoom at which the bend is half a pixel") {
  REQUIRE(significance_of({}).empty());
  REQUIRE(significance_of({LatLon{}}) == std::vector{0});
  // On the equator a unit of zoom z is 40,075,017 m / 4096 / 2^z. A bend of 100 m is 4 units or more from zoom 9 on (76 m; 153 m at 8).
  const std::vector line{*LatLon::from_degrees(0, 0), *LatLon::from_degrees(100 / 111'319.49, 0.1), *LatLon::from_degrees(0, 0.2)};
  REQUIRE(significance_of(line) == std::vector{0, 9, 0});
}

TEST_CASE("vertices on one straight line show from the deepest zoom only") {
  std::vector<LatLon> line;
  for (int i = 0; i < 5; ++i) line.push_back(*LatLon::from_degrees(0, i * 0.01));
  REQUIRE(significance_of(line) == std::vector{0, 14, 14, 14, 0});
}

TEST_CASE("at every zoom what is left out lies within the tolerance of what is left") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  tiler::testing::Random random{seed};
  for (int round = 0; round < 20; ++round) {
    std::vector<LatLon> line{*LatLon::from_degrees(50, 10)};
    while (line.size() < 300) line.push_back(moved(line.back(), {random.between(-300, 600), random.between(-300, 300)}));
    const auto zooms = significance_of(line);
    const auto path = unwrapped(line);
    for (const int zoom : {4, 8, 10, 12}) {
      std::size_t last = 0;
      for (std::size_t i = 1; i < line.size(); ++i) {
        if (zooms[i] > zoom) continue;
        for (std::size_t j = last + 1; j < i; ++j) REQUIRE(distance_to_line(path[j], path[last], path[i]) < kSimplifyUnits * units_of_world(zoom));
        last = i;
      }
    }
  }
}

TEST_CASE("a line of ten thousand vertices, all in one place or going round in circles, is no trouble") {
  REQUIRE(significance_of(std::vector<LatLon>(10'000, LatLon{})).size() == 10'000);
  std::vector<LatLon> circle;
  for (int i = 0; i < 10'000; ++i) circle.push_back(*LatLon::from_degrees(0.01 * std::sin(i * 0.1), 0.01 * std::cos(i * 0.1)));
  REQUIRE(significance_of(circle).front() == 0);
}
