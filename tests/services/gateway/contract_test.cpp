// Walks the requests that were recorded at a Panoramax server against ours, on equivalent data and in an order that makes them
// meaningful: same status, same fields of the same JSON types. What differs on purpose stands in contract_differences.txt with
// its reason; any other difference fails, and so does one of the table that no longer occurs.

#include "tests/catch.hpp"
#include "tests/services/gateway/contract_compare.hpp"
#include "tests/services/gateway/contract_world.hpp"

#include <iostream>

using namespace cairn;
using namespace cairn::testing;
using nlohmann::json;

namespace {

/// The recorded requests; tiles stand there decoded, without one.
std::set<std::string> all_requests() {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator{contract_samples()}) {
    const auto name = entry.path().stem().string();
    if (!name.starts_with("_") && recorded(name).contains("request")) names.insert(name);
  }
  return names;
}

}  // namespace

TEST_CASE("recorded requests are answered as a Panoramax server answers them, but for the differences of the table", "[shared]") {
  if (contract_samples().empty()) return;
  ContractWorld world;
  IntendedDifferences table{std::filesystem::path{CAIRN_SOURCE_DIR} / "tests/services/gateway/contract_differences.txt"};
  std::set<std::string> walked;
  std::vector<std::string> unlisted;
  int exact = 0;
  for (const auto& step : kSteps) {
    const auto sample = recorded(step.sample);
    REQUIRE(sample.contains("request"));
    if (step.who == Who::pipeline) {
      world.run_pipeline(sample["request"]);
      continue;
    }
    if (step.who == Who::claimer) {
      world.claim_token();
      continue;
    }
    const auto answer = world.ask(step, sample["request"]);
    world.learn(sample["body"], json::parse(answer.body, nullptr, false));
    auto expected = sample;
    expected["body"] = json::parse(world.with_our_ids(sample["body"].dump()));
    const auto found = differences(expected, answer);
    exact += found.empty() ? 1 : 0;
    for (const auto& difference : found) {
      const bool says_why = difference.starts_with("status");
      if (!table.holds(step.sample, difference)) unlisted.push_back(std::string{step.sample} + ": " + difference + (says_why ? " " + answer.body.substr(0, 160) : ""));
    }
    walked.insert(step.sample);
  }
  std::cout << "contract: " << walked.size() << " recorded requests walked, " << exact << " without any difference\n";
  for (const auto& line : unlisted) std::cout << "contract: " << line << "\n";
  CHECK(unlisted == std::vector<std::string>{});
  CHECK(table.idle() == std::vector<std::string>{});
  CHECK(walked == all_requests());
}
