#include "rewards/policy.hpp"

#include "tests/catch.hpp"

using namespace cairn::rewards;

namespace {

const std::string kGood = R"(version: v1
formula: coverage-1
pools: {coverage: 5000}
need_horizon_hours: 168
pass_minutes: 60
cell_level: 20
caps: {contributor_day_units: 100, cell_day_units: 2}
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

std::string problem_of(const std::string& text) {
  const auto outcome = policy_from_yaml(text);
  const auto* problem = std::get_if<PolicyProblem>(&outcome);
  return problem ? problem->sentence : "";
}

}  // namespace

TEST_CASE("a policy reads from YAML and comes back from its canonical form") {
  const auto policy = std::get<Policy>(policy_from_yaml(kGood));
  REQUIRE(policy.coverage_pool == 5000);
  REQUIRE(policy.cell_day_units == 2);
  REQUIRE(std::get<Policy>(policy_from_yaml(policy_json(policy))) == policy);
}

TEST_CASE("a policy with an unknown, missing or repeated key is refused") {
  REQUIRE(problem_of(kGood + "bonus: 1\n") == "unknown key 'bonus' in the policy");
  REQUIRE(problem_of(replaced(kGood, "pass_minutes: 60\n", "")) == "the key 'pass_minutes' must stand once in the policy");
  REQUIRE_FALSE(problem_of(kGood + "pass_minutes: 61\n").empty());
  REQUIRE(problem_of(replaced(kGood, "coverage: 5000", "coverage: 1, use: 2")) == "unknown key 'use' in pools");
}

TEST_CASE("amounts must be whole, not negative and below 2^63") {
  for (const auto* amount : {"-1", "1.5", "1e9", "9223372036854775808", "abc", "''", "[]"}) {
    CAPTURE(amount);
    REQUIRE(problem_of(replaced(kGood, "5000", amount)).find("coverage is '") == 0);
  }
  REQUIRE(problem_of(replaced(kGood, "5000", "9223372036854775807")).empty());
}

TEST_CASE("a policy for another formula, and text that is no policy, are refused") {
  REQUIRE(problem_of(replaced(kGood, "coverage-1", "coverage-9")) == "formula is 'coverage-9'; this program knows 'coverage-1'");
  for (const auto* text : {"", "[1, 2]", "just words", "{", "version: [", "? ? ?"}) {
    CAPTURE(text);
    REQUIRE_FALSE(problem_of(text).empty());
  }
}
