// Contributors share the machine: who sends much does not keep those waiting who send little.

#include "tests/catch.hpp"
#include "tests/scenario/instance.hpp"

#include <atomic>
#include <cstdlib>
#include <future>
#include <iostream>
#include <thread>
#include <vector>

using namespace cairn;
using testing::Instance;

namespace {

/// All files of the test; CAIRN_FAIRNESS_FILES=10000 is the full size, of which the importer sends nine tenths.
int files_in_all() {
  const char* text = std::getenv("CAIRN_FAIRNESS_FILES");
  return text ? std::max(196, std::atoi(text)) : 496;
}

/// Simulated drives of at least so many frames in all; a route through a town has room for some 2,000.
std::filesystem::path drive_of(const std::filesystem::path& folder, int frames, int seed) {
  const int drives = 1 + frames / 1500;
  const auto made = testing::run_command({testing::program("cairn").string(), "simulate", "town", "--seed", std::to_string(seed), "--drives", std::to_string(drives), "--frames",
                                          std::to_string((frames + drives - 1) / drives), "--size", "640x360", "--fast", "--out", folder.string()});
  REQUIRE(made.code == 0);
  return folder;
}

}  // namespace

TEST_CASE("of twenty contributors, one of whom sends most of all files, the nineteen others are on the map first") {
  constexpr int kOthers = 19;
  const int few = std::max(4, files_in_all() / 190);
  Instance cairn;
  const auto much = drive_of(cairn.scratch() / "much", files_in_all() - kOthers * few, 3);
  const auto little = drive_of(cairn.scratch() / "little", few, 4);

  auto importer = std::async(std::launch::async, [&] { return cairn.upload({much}, {"--token", cairn.token_of("importer"), "--no-wait"}); });
  testing::wait_for("the import to be under way", std::chrono::seconds{300},
                    [&] { return cairn.get("/api/status").at("totals").at("files").get<int>() > 10; });
  std::atomic<int> ready{0};
  {
    std::vector<std::jthread> others;
    for (int i = 0; i < kOthers; ++i) {
      others.emplace_back([&, i] {
        const auto upload = cairn.upload({little}, {"--token", cairn.token_of("neighbour " + std::to_string(i))});
        if (upload.at("ready") == true) ++ready;
      });
    }
  }
  REQUIRE(ready == kOthers);
  const auto import = cairn.get("/api/upload_sets/" + importer.get().at("id").get<std::string>() + "/status");
  REQUIRE(import.at("ready") == false);
  std::cout << kOthers << " contributors with " << few << " pictures each were done before the one with " << files_in_all() - kOthers * few << ", of which "
            << import.at("files_by_step").at("received") << " wait for decoding\n";
}
