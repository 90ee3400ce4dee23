// Processes die at bad moments; what comes out is the same.

#include "tests/catch.hpp"
#include "tests/scenario/instance.hpp"

#include <algorithm>
#include <atomic>
#include <iostream>
#include <thread>

using namespace cairn;
using testing::Instance;
using testing::json;
namespace fs = std::filesystem;

namespace {

/// Simulated drives of 500 small frames in all, drawn once.
const fs::path& town() {
  static testing::ScratchFolder scratch;
  static const fs::path folder = [] {
    const auto out = scratch.path() / "town";
    const auto made = testing::run_command({testing::program("cairn").string(), "simulate", "town", "--seed", "7", "--drives", "5", "--frames", "100",
                                            "--size", "640x360", "--fast", "--out", out.string()});
    REQUIRE(made.code == 0);
    return out;
  }();
  return folder;
}

struct Outcome {
  std::vector<std::string> snapshot;
  std::string root;
  fs::path folder;
};

Outcome outcome_of(Instance& cairn) {
  cairn.wait_idle();
  const auto closed = cairn.close_epoch();
  return {cairn.snapshot(), closed.at("root").get<std::string>(), {}};
}

void require_same(const std::vector<std::string>& one, const std::vector<std::string>& other) {
  REQUIRE(one.size() == other.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    CAPTURE(i);
    REQUIRE(one[i] == other[i]);
  }
}

}  // namespace

TEST_CASE("killing each process in turn during an ingest changes nothing of what comes out") {
  Outcome undisturbed;
  {
    Instance cairn;
    cairn.upload({town()});
    undisturbed = outcome_of(cairn);
  }
  REQUIRE(undisturbed.snapshot.size() > 500);

  Instance cairn{{"--jobs-lease-s", "5"}};
  std::atomic<bool> done{false};
  std::jthread uploader{[&] {
    cairn.upload({town()});
    done = true;
  }};
  int kills = 0;
  for (int round = 0; round < 2; ++round) {
    for (const auto* name : {"worker 1", "coordinator", "gateway", "worker 2", "rewarder"}) {
      if (done) break;
      cairn.kill_and_await_successor(name);
      ++kills;
    }
  }
  uploader.join();
  std::cout << kills << " processes were killed during the ingest\n";
  REQUIRE(kills >= 5);
  const auto disturbed = outcome_of(cairn);
  require_same(undisturbed.snapshot, disturbed.snapshot);
  REQUIRE(undisturbed.root == disturbed.root);
}

TEST_CASE("a picture that hangs its decoder takes only its worker with it, is kept aside at the third time, and keeps nobody waiting") {
  Instance cairn{{"--worker-stall-on-file", "slow.jpg", "--worker-stall-s", "4", "--worker-processes", "2"}};
  const auto folder = cairn.scratch() / "stalling";
  fs::create_directories(folder);
  const auto drive = testing::sample_drives().front();
  for (int i = 0; i < 8; ++i) fs::copy(drive / ("00" + std::to_string(i) + ".jpg"), folder / (i == 3 ? "slow.jpg" : "good" + std::to_string(i) + ".jpg"));
  const auto upload = cairn.upload({folder});
  for (const auto& file : upload.at("files")) {
    CAPTURE(file.dump());
    if (file.at("name") == "slow.jpg") REQUIRE(file.value("reason", "") == "processing_failed");
    else REQUIRE(file.at("state") == "decoded");
  }
  REQUIRE(std::ranges::count_if(upload.at("frames"), [](const json& frame) { return frame.at("state") == "published"; }) == 7);
  const auto kept_aside = cairn.cairn({"jobs", "list", "--json"}).as_json();
  REQUIRE(kept_aside.size() == 1);
  REQUIRE(kept_aside[0].at("deaths") == 3);
}

TEST_CASE("building all tiles anew gives the bytes that were built one change at a time") {
  Instance cairn;
  for (const auto& drive : testing::sample_drives()) cairn.upload({drive});
  cairn.wait_idle();
  const auto before = cairn.snapshot();
  const auto one = cairn.scratch() / "one.pmtiles";
  REQUIRE(cairn.cairn({"tiles", "export", one.string()}).code == 0);
  REQUIRE(cairn.cairn({"tiles", "rebuild"}).code == 0);
  cairn.wait_idle();
  require_same(before, cairn.snapshot());
  const auto two = cairn.scratch() / "two.pmtiles";
  REQUIRE(cairn.cairn({"tiles", "export", two.string()}).code == 0);
  REQUIRE(testing::run_command({"cmp", one.string(), two.string()}).code == 0);
  for (const char* set : {"map", "panoramax", "coverage"}) {
    REQUIRE(cairn.cairn({"tiles", "export", one.string(), "--set", set}).code == 0);
    REQUIRE(cairn.cairn({"tiles", "build", "--set", set, "-o", two.string()}).code == 0);
    REQUIRE(testing::run_command({testing::program("cairn").string(), "tiles", "verify", two.string()}).code == 0);
    REQUIRE(testing::run_command({"cmp", one.string(), two.string()}).code == 0);
  }
}
