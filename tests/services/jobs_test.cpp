#include "services/store/jobs.hpp"

#include "tests/catch.hpp"
#include "tests/services/scratch.hpp"

#include <map>
#include <set>

using namespace cairn;
using namespace cairn::store;
using namespace std::chrono_literals;

namespace {

struct Queue {
  testing::ScratchFolder scratch;
  Session session{scratch.database()};
  UtcTime now = time_from_micros(1'777'636'800'000'000);
  LeaseRules rules;

  Queue() { migrate(session); }
  void add(const std::string& key, const std::string& tenant = "a", Stage stage = Stage::decode) {
    session.write([&](Session& s) { enqueue(s, {.stage = stage, .key = key, .tenant = tenant, .now = now}); });
  }
  std::vector<LeasedJob> take(int most) {
    std::vector<LeasedJob> jobs;
    session.write([&](Session& s) { jobs = lease(s, {Stage::decode, Stage::tile}, most, now, rules); });
    return jobs;
  }
};

}  // namespace

TEST_CASE("a leased job is leased once, and gone when it is complete") {
  Queue queue;
  queue.add("one");
  const auto jobs = queue.take(10);
  REQUIRE(jobs.size() == 1);
  REQUIRE(queue.take(10).empty());
  REQUIRE(complete(queue.session, jobs[0], queue.now));
  REQUIRE_FALSE(complete(queue.session, jobs[0], queue.now));
  REQUIRE(queue.take(10).empty());
}

TEST_CASE("a result that comes after its lease ran out changes nothing") {
  Queue queue;
  queue.add("one");
  const auto late = queue.take(1).at(0);
  queue.now += 31s;
  expire(queue.session, queue.now, queue.rules);
  const auto second = queue.take(1).at(0);
  REQUIRE_FALSE(complete(queue.session, late, queue.now));
  REQUIRE(complete(queue.session, second, queue.now));
}

TEST_CASE("a renewed lease does not run out") {
  Queue queue;
  queue.add("one");
  const auto job = queue.take(1).at(0);
  queue.now += 20s;
  renew(queue.session, {job}, queue.now, queue.rules);
  queue.now += 20s;
  expire(queue.session, queue.now, queue.rules);
  REQUIRE(complete(queue.session, job, queue.now));
}

TEST_CASE("a job asked for while it runs runs once more, asked for while it waits, only once") {
  Queue queue;
  queue.add("one");
  queue.add("one");
  const auto job = queue.take(10).at(0);
  queue.add("one");
  REQUIRE(queue.take(10).empty());
  REQUIRE(complete(queue.session, job, queue.now));
  const auto again = queue.take(10);
  REQUIRE(again.size() == 1);
  REQUIRE(complete(queue.session, again[0], queue.now));
  REQUIRE(queue.take(10).empty());
}

TEST_CASE("the third death quarantines a job, and replay puts it back") {
  Queue queue;
  queue.add("one");
  for (int death = 0; death < 3; ++death) {
    REQUIRE(queue.take(1).size() == 1);
    queue.now += 31s;
    expire(queue.session, queue.now, queue.rules);
  }
  REQUIRE(queue.take(1).empty());
  REQUIRE(quarantined(queue.session).at(0).key == "one");
  REQUIRE(replay(queue.session, "", queue.now) == 1);
  REQUIRE(queue.take(1).size() == 1);
}

TEST_CASE("a failure backs off, and the fifth quarantines with its error") {
  Queue queue;
  queue.add("one");
  for (int failure = 0; failure < 5; ++failure) {
    const auto jobs = queue.take(1);
    REQUIRE(jobs.size() == 1);
    REQUIRE(fail(queue.session, jobs[0], "disk on fire", queue.now, 2s, queue.rules));
    REQUIRE(queue.take(1).empty());
    queue.now += 3s;
  }
  REQUIRE(quarantined(queue.session).at(0).last_error == "disk on fire");
}

TEST_CASE("failures before a success are forgotten, and those of a quarantined job that is asked for again") {
  Queue queue;
  queue.rules.most_failures = 2;
  queue.add("one");
  REQUIRE(fail(queue.session, queue.take(1).at(0), "disk on fire", queue.now, 0ms, queue.rules));
  const auto second = queue.take(1).at(0);
  queue.add("one");
  REQUIRE(complete(queue.session, second, queue.now));
  REQUIRE(fail(queue.session, queue.take(1).at(0), "disk on fire", queue.now, 0ms, queue.rules));
  REQUIRE(quarantined(queue.session).empty());
  REQUIRE(fail(queue.session, queue.take(1).at(0), "disk on fire", queue.now, 0ms, queue.rules));
  REQUIRE(quarantined(queue.session).size() == 1);
  queue.add("one");
  REQUIRE(fail(queue.session, queue.take(1).at(0), "disk on fire", queue.now, 0ms, queue.rules));
  REQUIRE(quarantined(queue.session).empty());
}

TEST_CASE("a job given back counts nothing") {
  Queue queue;
  queue.add("one");
  const auto job = queue.take(1).at(0);
  release(queue.session, job, queue.now);
  const auto again = queue.take(1).at(0);
  REQUIRE(again.attempts == 0);
  REQUIRE(again.deaths == 0);
}

TEST_CASE("one big import does not starve a small upload") {
  Queue queue;
  for (int i = 0; i < 50; ++i) queue.add("big" + std::to_string(i), "importer");
  queue.add("small", "neighbour");
  std::set<std::string> tenants;
  for (const auto& job : queue.take(2)) tenants.insert(job.tenant);
  REQUIRE(tenants.size() == 2);
}

TEST_CASE("a small upload that comes late waits for no more than one job of each who is busy") {
  Queue queue;
  for (int i = 0; i < 500; ++i) queue.add("big" + std::to_string(i), "importer");
  for (const auto& job : queue.take(40)) complete(queue.session, job, queue.now);
  for (int i = 0; i < 10; ++i) queue.add("small" + std::to_string(i), "neighbour");
  std::map<std::string, int> served;
  for (const auto& job : queue.take(20)) ++served[job.tenant];
  REQUIRE(served["neighbour"] >= 9);
}

TEST_CASE("turns count frames: a small batch does not wait as long as a large one") {
  Queue queue;
  const auto batch = [&](const std::string& key, const std::string& tenant, int frames) {
    queue.session.write([&](Session& s) { enqueue(s, {.stage = Stage::decode, .key = key, .tenant = tenant, .now = queue.now, .weight = frames}); });
  };
  for (int i = 0; i < 10; ++i) batch("large" + std::to_string(i), "importer", 32);
  for (int i = 0; i < 10; ++i) batch("small" + std::to_string(i), "neighbour", 4);
  std::map<std::string, int> served;
  for (const auto& job : queue.take(9)) ++served[job.tenant];
  REQUIRE(served["importer"] <= 2);
}

TEST_CASE("a contributor who was away has saved no turns up") {
  Queue queue;
  queue.add("early", "visitor");
  for (int i = 0; i < 100; ++i) queue.add("a" + std::to_string(i), "regular");
  for (const auto& job : queue.take(60)) complete(queue.session, job, queue.now);
  forget_old_turns(queue.session);
  for (int i = 0; i < 30; ++i) queue.add("b" + std::to_string(i), "visitor");
  std::map<std::string, int> served;
  for (const auto& job : queue.take(20)) ++served[job.tenant];
  REQUIRE(served["regular"] >= 9);
  REQUIRE(served["visitor"] >= 9);
}

TEST_CASE("work on the map waits behind nobody's import") {
  Queue queue;
  for (int i = 0; i < 50; ++i) queue.add("big" + std::to_string(i), "importer");
  REQUIRE(queue.take(10).size() == 10);
  queue.add("map/14/1/1", "", Stage::tile);
  REQUIRE(queue.take(1).at(0).key == "map/14/1/1");
}

TEST_CASE("a job whose time has not come waits, and an earlier wish for it brings it forward") {
  Queue queue;
  const auto wish = [&](std::chrono::milliseconds delay) {
    queue.session.write([&](Session& s) { enqueue(s, {.stage = Stage::tile, .key = "t", .tenant = "", .now = queue.now, .delay = delay}); });
  };
  wish(5s);
  REQUIRE_FALSE(work_waits(queue.session, queue.now));
  REQUIRE(queue.take(1).empty());
  wish(9s);
  queue.now += 6s;
  REQUIRE(work_waits(queue.session, queue.now));
  REQUIRE(queue.take(1).size() == 1);
  wish(0s);
  wish(5s);
  REQUIRE(queue.take(1).empty());
}
