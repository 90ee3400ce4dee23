#include "services/gateway/closed_epochs.hpp"

#include "rewards/bundle.hpp"
#include "tests/catch.hpp"
#include "tests/rewards/made.hpp"
#include "tests/temporary_folder.hpp"

#include <fstream>

using namespace cairn;
using namespace cairn::testing;

TEST_CASE("a closed epoch is worked out once, however often it is asked for") {
  const TemporaryFolder bundles;
  for (const char* name : {"2026-W18", "2026-W19"}) {
    auto input = rewards::testing::town(7, 50, 5);
    input.epoch.name = name;
    rewards::write_bundle(rewards::testing::closed(input), bundles.path() / name);
  }
  gateway::ClosedEpochs epochs{bundles.path()};
  REQUIRE(epochs.names() == std::vector<std::string>{"2026-W18", "2026-W19"});
  const auto first = epochs.find("2026-W18");
  REQUIRE(first->input.epoch.name == "2026-W18");
  REQUIRE(epochs.find("2026-W18") == first);
  REQUIRE(epochs.find("2026-W19")->input.epoch.name == "2026-W19");
  REQUIRE(epochs.find("2026-W18")->lines.size() == first->lines.size());
}

TEST_CASE("an epoch without a finished bundle is none, whatever its name leads to") {
  const TemporaryFolder folder;
  gateway::ClosedEpochs epochs{folder.path() / "bundles"};
  REQUIRE(epochs.names().empty());
  std::filesystem::create_directories(folder.path() / "bundles" / "2026-W18");
  std::ofstream{folder.path() / "manifest.json"} << "{}";
  REQUIRE(epochs.names().empty());
  for (const char* name : {"", ".", "..", "2026-W18", "2026-W17"}) REQUIRE_FALSE(epochs.find(name));
}

TEST_CASE("a damaged bundle is said to be damaged") {
  const TemporaryFolder bundles;
  const auto bundle = bundles.path() / "2026-W18";
  rewards::write_bundle(rewards::testing::closed(rewards::testing::town(7, 50, 5)), bundle);
  std::ofstream{bundle / "inputs.bin.gz"} << "no gzip";
  gateway::ClosedEpochs epochs{bundles.path()};
  REQUIRE_THROWS_WITH(epochs.find("2026-W18"), ContainsText("the bundle of epoch 2026-W18 is damaged"));
}
