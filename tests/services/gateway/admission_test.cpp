#include "services/gateway/admission.hpp"
#include "services/gateway/http/addresses.hpp"
#include "tests/catch.hpp"
#include "tests/random.hpp"

using namespace cairn;
using namespace cairn::gateway;
using namespace std::chrono_literals;

namespace {

const RateLimit::Time kStart{1h};

int allowed(RateLimit& limit, const std::string& sender, RateLimit::Time from, int tries, std::chrono::nanoseconds apart) {
  int count = 0;
  for (int i = 0; i < tries; ++i) count += limit.over(sender, from + i * apart) ? 0 : 1;
  return count;
}

}  // namespace

TEST_CASE("a sender has its burst at once and its rate from then on") {
  RateLimit limit{{.per_second = 10, .burst = 20}};
  REQUIRE(allowed(limit, "a", kStart, 100, 0ns) == 20);
  REQUIRE(limit.over("a", kStart) == 1s);
  REQUIRE(allowed(limit, "a", kStart + 1s, 100, 0ns) == 10);
  REQUIRE(allowed(limit, "b", kStart + 1s, 100, 0ns) == 20);
}

TEST_CASE("whoever waits as long as was said is let in") {
  RateLimit limit{{.per_second = 0.2, .burst = 1}};
  REQUIRE(!limit.over("a", kStart));
  const auto wait = limit.over("a", kStart + 1s);
  REQUIRE(wait == 4s);
  REQUIRE(!limit.over("a", kStart + 1s + *wait));
}

TEST_CASE("over any time no more than burst plus rate gets through") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  testing::Random random{seed};
  for (int round = 0; round < 50; ++round) {
    const double rate = random.between(1, 100), burst = random.between(1, 100);
    RateLimit limit{{.per_second = rate, .burst = burst}};
    auto now = kStart;
    int through = 0;
    for (int i = 0; i < 500; ++i) {
      now += std::chrono::microseconds{random.whole(0, 30'000)};
      through += limit.over("a", now) ? 0 : 1;
    }
    REQUIRE(through <= burst + rate * std::chrono::duration<double>(now - kStart).count() + 1);
  }
}

TEST_CASE("the table of senders is bounded, and forgets those that owe nothing first") {
  RateLimit limit{{.per_second = 1, .burst = 10, .most_senders = 100}};
  for (int i = 0; i < 60; ++i) limit.over("guest " + std::to_string(i), kStart);
  REQUIRE(allowed(limit, "busy", kStart + 5s, 100, 0ns) == 10);
  for (int i = 60; i < 100; ++i) limit.over("guest " + std::to_string(i), kStart + 5s);
  REQUIRE(limit.senders() <= 100);
  REQUIRE(limit.over("busy", kStart + 5s));
  for (int i = 0; i < 1000; ++i) {
    limit.over("other " + std::to_string(i), kStart + 5s);
    REQUIRE(limit.senders() <= 100);
  }
}

TEST_CASE("a rate of nought is no limit") {
  RateLimit limit{{.per_second = 0}};
  REQUIRE(allowed(limit, "a", kStart, 10'000, 0ns) == 10'000);
  REQUIRE(limit.senders() == 0);
}

TEST_CASE("an IPv6 sender is its /64, an IPv4 one its address however it is written") {
  REQUIRE(sender_of("2001:db8:1:2:3:4:5:6") == sender_of("2001:db8:1:2::1"));
  REQUIRE(sender_of("2001:db8:1:2::1") != sender_of("2001:db8:1:3::1"));
  REQUIRE(sender_of("::ffff:192.0.2.7") == "192.0.2.7");
  REQUIRE(sender_of("192.0.2.7") == "192.0.2.7");
  REQUIRE(sender_of("nonsense") == "nonsense");
}
