#include "rewards/split.hpp"

#include "tests/catch.hpp"
#include "tests/rewards/made.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

using namespace cairn::rewards;
using cairn::rewards::testing::address;

namespace {

std::vector<Claim> random_claims(cairn::testing::Random& random) {
  std::vector<Claim> claims;
  const auto count = random.whole(1, 60);
  const auto most = random.whole(0, 1) == 0 ? 3 : std::numeric_limits<std::int64_t>::max();  // few weights tie often
  for (int i = 0; i < count; ++i) claims.push_back({address(i), static_cast<Weight>(random.whole(0, most))});
  return claims;
}

}  // namespace

TEST_CASE("shares add up to the pool and differ from their quota by less than one unit") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  cairn::testing::Random random{seed};
  for (int round = 0; round < 500; ++round) {
    const auto claims = random_claims(random);
    const Amount pool = random.whole(0, round % 2 == 0 ? 100 : std::numeric_limits<Amount>::max());
    const auto amounts = split(pool, claims, "e");
    Wide total = 0, paid = 0;
    for (const auto& claim : claims) total += claim.weight;
    for (const auto amount : amounts) paid += static_cast<Wide>(amount);
    REQUIRE(paid == (total == 0 ? 0 : static_cast<Wide>(pool)));
    for (std::size_t i = 0; i < claims.size() && total != 0; ++i) {
      // |amount - pool × weight / total| < 1, without a division
      const Wide whole_units = static_cast<Wide>(pool) * claims[i].weight / total;
      const bool exact = static_cast<Wide>(pool) * claims[i].weight % total == 0;
      REQUIRE(static_cast<Wide>(amounts[i]) >= whole_units);
      REQUIRE(static_cast<Wide>(amounts[i]) <= whole_units + (exact ? 0 : 1));
    }
  }
}

TEST_CASE("who stands where in the list changes nobody's share") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  cairn::testing::Random random{seed};
  for (int round = 0; round < 200; ++round) {
    const auto claims = random_claims(random);
    const auto amounts = split(997, claims, "e");
    std::vector<std::size_t> order(claims.size());
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), random.engine());
    std::vector<Claim> shuffled;
    for (const auto i : order) shuffled.push_back(claims[i]);
    const auto again = split(997, shuffled, "e");
    for (std::size_t i = 0; i < order.size(); ++i) REQUIRE(again[i] == amounts[order[i]]);
  }
}

TEST_CASE("a tie is broken by the epoch's name, so no account is always the lucky one") {
  std::vector<Claim> claims{{address(1), 1}, {address(2), 1}};
  int first = 0;
  for (int i = 0; i < 64; ++i) first += split(1, claims, "epoch-" + std::to_string(i))[0] == 1;
  REQUIRE(first > 10);
  REQUIRE(first < 54);
}

TEST_CASE("without weight nobody gets anything") {
  REQUIRE(split(10, {{address(1), 0}}, "e") == std::vector<Amount>{0});
  REQUIRE(split(10, {}, "e").empty());
}
