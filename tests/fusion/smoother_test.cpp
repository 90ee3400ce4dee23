#include "fusion/smoother.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"

#include <cmath>

using namespace cairn;
using fusion::LineSample;
using fusion::smoothed_line;

TEST_CASE("a line walked at constant speed comes out as it was, with its speed") {
  std::vector<LineSample> samples;
  for (int i = 0; i < 20; ++i) samples.push_back({i * 0.5, 3.0 + 2.0 * i * 0.5, 1, 1});
  const auto states = smoothed_line(samples);
  for (int i = 0; i < 20; ++i) {
    REQUIRE(states[i].position_m == Approx(samples[i].value_m).margin(1e-4));
    REQUIRE(states[i].velocity_mps == Approx(2).margin(1e-3));
    REQUIRE(states[i].position_variance_m2 < 1);
  }
}

TEST_CASE("the result is that of solving all equations of motion and measurement at once") {
  // Three samples a second apart, agility 0: a straight line, so ordinary least squares gives it: through 0, 0, 3 at t
  // = -1, 0, 1 the line 1 + 1.5 t, with variances 5/6 at the ends and 1/3 in the middle.
  const auto states = smoothed_line(std::vector<LineSample>{{0, 0, 1, 0}, {1, 0, 1, 0}, {2, 3, 1, 0}});
  REQUIRE(states[0].position_m == Approx(-0.5).margin(1e-3));
  REQUIRE(states[1].position_m == Approx(1).margin(1e-3));
  REQUIRE(states[2].position_m == Approx(2.5).margin(1e-3));
  REQUIRE(states[0].position_variance_m2 == Approx(5.0 / 6).margin(1e-3));
  REQUIRE(states[1].position_variance_m2 == Approx(1.0 / 3).margin(1e-3));
}

TEST_CASE("one sample is its own smoothing, none gives none") {
  REQUIRE(smoothed_line({}).empty());
  const auto states = smoothed_line(std::vector<LineSample>{{0, 7, 4, 1}});
  REQUIRE(states.at(0).position_m == Approx(7));
  REQUIRE(states[0].position_variance_m2 == Approx(4).margin(1e-3));
}

TEST_CASE("the same samples backwards in time give the same places") {
  testing::Random random{testing::seed_of_run()};
  std::vector<LineSample> forwards;
  for (int i = 0; i < 50; ++i) forwards.push_back({i * 1.0, random.between(-10, 10), random.between(0.5, 4), 2});
  std::vector<LineSample> backwards;
  for (int i = 49; i >= 0; --i) backwards.push_back({49.0 - i, forwards[i].value_m, forwards[i].variance_m2, 2});
  const auto there = smoothed_line(forwards);
  const auto back = smoothed_line(backwards);
  for (int i = 0; i < 50; ++i) REQUIRE(there[i].position_m == Approx(back[49 - i].position_m).margin(1e-2));
}
