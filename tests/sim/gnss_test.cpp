#include "services/simulate/gnss.hpp"
#include "tests/catch.hpp"
#include "tests/random.hpp"

#include <vector>

using namespace cairn::simulate;

namespace {

std::vector<double> easts(const GnssModel& model, std::uint64_t seed, int count, double step_s) {
  GnssErrors errors{model, Random{seed}};
  std::vector<double> out;
  for (int i = 0; i < count; ++i) out.push_back(errors.at(i * step_s).x);
  return out;
}

double mean_product(const std::vector<double>& values, std::size_t lag) {
  double sum = 0;
  for (std::size_t i = lag; i < values.size(); ++i) sum += values[i] * values[i - lag];
  return sum / static_cast<double>(values.size() - lag);
}

}  // namespace

TEST_CASE("white noise has its standard deviation and no memory") {
  const auto errors = easts({.white_m = 0.8, .bias_m = 0}, 1, 40'000, 1);
  REQUIRE(std::sqrt(mean_product(errors, 0)) == Approx(0.8).epsilon(0.02));
  REQUIRE(std::abs(mean_product(errors, 1)) < 0.02);
}

TEST_CASE("the bias wanders as a Gauss-Markov process does") {
  const auto errors = easts({.white_m = 0, .bias_m = 1.5, .bias_seconds = 20}, 2, 400'000, 1);
  const double power = mean_product(errors, 0);
  REQUIRE(std::sqrt(power) == Approx(1.5).epsilon(0.05));
  REQUIRE(mean_product(errors, 20) / power == Approx(std::exp(-1.0)).margin(0.04));
}

TEST_CASE("a perfect receiver makes no error, and a seed gives the same errors again") {
  for (const double error : easts({.white_m = 0, .bias_m = 0}, 3, 100, 1)) REQUIRE(error == 0);
  REQUIRE(easts({}, 4, 100, 0.4) == easts({}, 4, 100, 0.4));
  REQUIRE(easts({}, 4, 100, 0.4) != easts({}, 5, 100, 0.4));
}

TEST_CASE("normal numbers have mean 0 and variance 1") {
  Random random{cairn::testing::seed_of_run()};
  double sum = 0, squares = 0;
  constexpr int kCount = 100'000;
  for (int i = 0; i < kCount; ++i) {
    const double value = random.normal();
    sum += value, squares += value * value;
  }
  REQUIRE(std::abs(sum / kCount) < 0.02);
  REQUIRE(squares / kCount == Approx(1).epsilon(0.03));
}
