#include "services/coordinator/roster.hpp"

#include "tests/catch.hpp"
#include "tests/noon.hpp"

using namespace cairn;
using namespace cairn::coordinator;
using cairn::testing::kNoon;

namespace {


bus::Lease lease_named(const std::string& token, const std::string& stage = "inspect") {
  bus::Lease lease;
  lease.set_job("job of " + token);
  lease.set_stage(stage);
  lease.set_token(token);
  return lease;
}

bus::Hello hello_holding(const std::vector<std::string>& tokens, const std::string& running = {}) {
  bus::Hello hello;
  hello.set_worker("worker 7");
  hello.set_credit(2);
  hello.add_stages("inspect");
  for (const auto& token : tokens) *hello.add_held() = lease_named(token);
  hello.set_running(running);
  return hello;
}

}  // namespace

TEST_CASE("of what a worker brings along, only the task that runs counts as begun") {
  Roster roster;
  const auto worker = worker_from(hello_holding({"a", "b"}, "a"), roster, kNoon);
  REQUIRE(worker.held.at("a").started_at == kNoon);
  REQUIRE_FALSE(worker.held.at("b").started_at);
}

TEST_CASE("a worker that connects anew takes its leases along: its old entry has none to lose") {
  Roster roster;
  roster["old address"] = worker_from(hello_holding({"a", "b", "c"}, "a"), roster, kNoon);
  const auto again = worker_from(hello_holding({"a", "b"}, "b"), roster, kNoon + std::chrono::seconds{9});
  REQUIRE(again.held.at("a").started_at == kNoon);  // it had begun
  REQUIRE(again.held.at("b").started_at == kNoon + std::chrono::seconds{9});
  REQUIRE(roster.at("old address").held.size() == 1);
  REQUIRE(roster.at("old address").held.contains("c"));
}

TEST_CASE("a lease of a stage that this version does not know is passed over") {
  Roster roster;
  auto hello = hello_holding({"a"});
  *hello.add_held() = lease_named("b", "dream");
  hello.add_stages("dream");
  const auto worker = worker_from(hello, roster, kNoon);
  REQUIRE(worker.held.size() == 1);
  REQUIRE(worker.stages.size() == 1);
}
