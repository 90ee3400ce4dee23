#include "rewards/epoch.hpp"

#include "core/s2_cell.hpp"
#include "rewards/coverage.hpp"
#include "tests/catch.hpp"
#include "tests/rewards/made.hpp"

#include <algorithm>
#include <limits>

using namespace cairn;
using namespace cairn::rewards;
using namespace cairn::rewards::testing;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

const Line& line_of(const EpochResult& result, int frame_number) {
  return *std::ranges::find(result.lines, frame(frame_number), &Line::frame);
}

LastVisit visit_before(const CoverageUnit& unit, std::chrono::microseconds before) {
  return {cell_octant_of(unit.place, unit.heading_deg, 20), unit.taken_at - before};
}

std::string first_problem(const EpochInput& input) {
  const auto outcome = close_epoch(input);
  const auto* refusal = std::get_if<EpochRefusal>(&outcome);
  return refusal ? refusal->problems.front() : "";
}

}  // namespace

TEST_CASE("need is whole when a cell was never seen or not for seven days, and grows with time in between") {
  auto input = input_with({unit(1, 1, kMonday)});
  REQUIRE(line_of(closed(input), 1).need_ppm == kWhole);
  const auto need_when_seen = [&](std::chrono::microseconds before) {
    input.visits = {visit_before(input.units[0], before)};
    return line_of(closed(input), 1).need_ppm;
  };
  REQUIRE(need_when_seen(days{7}) == kWhole);
  REQUIRE(need_when_seen(days{7} - 1us) == kWhole - 1);
  REQUIRE(need_when_seen(84h) == kWhole / 2);
  REQUIRE(need_when_seen(0us) == 0);
  REQUIRE(need_when_seen(-84h) == kWhole / 2);  // late work: somebody came by after it
}

TEST_CASE("weight is need times quality times trust, rounded down once") {
  auto made = unit(1, 1, kMonday);
  made.quality_ppm = 900'001;
  made.trust_ppm = 700'001;
  REQUIRE(line_of(closed(input_with({made})), 1).weight_ppm == 630'001);  // 0.900001 × 0.700001 = 0.630001600001
  REQUIRE(weight_of(kWhole, kWhole, kWhole) == kWhole);
}

TEST_CASE("of two contributors in one cell the earlier gets the need, whoever comes first in the list") {
  const auto result = closed(input_with({unit(2, 2, kMonday + 10min), unit(1, 1, kMonday)}));
  REQUIRE(line_of(result, 1).weight_ppm == kWhole);
  REQUIRE(line_of(result, 2).weight_ppm == 992);  // 10 min of 7 days
}

TEST_CASE("frames of one pass share one unit, which has the quality of the best of them") {
  auto first = unit(1, 1, kMonday), best = unit(2, 1, kMonday + 59min), next = unit(3, 1, kMonday + 60min);
  first.quality_ppm = 400'000;
  const auto result = closed(input_with({first, best, next}));
  REQUIRE(line_of(result, 1).shares_unit_of == frame(2));
  REQUIRE(line_of(result, 1).weight_ppm == 0);
  REQUIRE(line_of(result, 2).weight_ppm == kWhole);
  REQUIRE_FALSE(line_of(result, 3).shares_unit_of);
  REQUIRE(line_of(result, 3).need_ppm == 99);  // a minute after the pass before: nothing to gain by driving in circles
}

TEST_CASE("two directions of one road are two units") {
  auto there = unit(1, 1, kMonday), back = unit(2, 1, kMonday + 5min);
  back.heading_deg = 180;
  const auto result = closed(input_with({there, back}));
  REQUIRE(line_of(result, 1).weight_ppm + line_of(result, 2).weight_ppm == 2 * kWhole);
}

TEST_CASE("a frame without trust earns nothing and takes nobody's need") {
  auto junk = unit(1, 1, kMonday);
  junk.trust_ppm = 0;
  const auto result = closed(input_with({junk, unit(2, 2, kMonday + 1min)}));
  REQUIRE(line_of(result, 1).weight_ppm == 0);
  REQUIRE(line_of(result, 2).weight_ppm == kWhole);
  REQUIRE(result.shares.size() == 1);
}

TEST_CASE("caps cut the later work of a day and say how much") {
  auto input = input_with({});
  for (int i = 0; i < 5; ++i) input.units.push_back(unit(i, 1, kMonday + std::chrono::minutes{i}, place(55.7 + 0.001 * i, 13.19)));
  input.policy.contributor_day_units = 3;
  const auto result = closed(input);
  REQUIRE(line_of(result, 2).capped_ppm == 0);
  REQUIRE(line_of(result, 3).weight_ppm == 0);
  REQUIRE(line_of(result, 3).capped_ppm == kWhole);
  REQUIRE(result.shares.front().weight == 3 * kWhole);
}

TEST_CASE("shares and ledger rows add up to the pool, and the chain holds") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  for (std::uint64_t round = 0; round < 20; ++round) {
    const auto input = town(seed + round, 300, 12);
    const auto result = closed(input);
    Amount paid = 0;
    for (const auto& share : result.shares) paid += share.amount;
    REQUIRE(paid + result.carried_over == result.pool);
    REQUIRE(result.pool == input.policy.coverage_pool + input.pool_balance);
    REQUIRE(verify_chain(result.ledger, input.ledger_head, {{"pool:coverage", input.pool_balance}}).empty());
    Amount before = 0, after = 0;
    for (const auto& total : input.totals) before += total.amount;
    for (const auto& total : result.totals) after += total.amount;
    REQUIRE(after == before + paid);
  }
}

TEST_CASE("the order of the input changes nothing") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  cairn::testing::Random random{seed};
  for (std::uint64_t round = 0; round < 20; ++round) {
    auto input = town(seed + round, 200, 9);
    const auto result = closed(input);
    std::shuffle(input.units.begin(), input.units.end(), random.engine());
    std::shuffle(input.visits.begin(), input.visits.end(), random.engine());
    std::shuffle(input.payouts.begin(), input.payouts.end(), random.engine());
    std::shuffle(input.totals.begin(), input.totals.end(), random.engine());
    input.units.push_back(input.units.front());  // everything may arrive twice
    const auto again = closed(input);
    REQUIRE(again.ledger == result.ledger);
    REQUIRE(again.visits == result.visits);
    REQUIRE(again.totals == result.totals);
    REQUIRE(MerkleTree{again.totals}.root() == MerkleTree{result.totals}.root());
  }
}

TEST_CASE("an epoch without work pays nobody and carries the pool over") {
  auto input = input_with({}, 500);
  input.pool_balance = 7;
  const auto result = closed(input);
  REQUIRE(result.shares.empty());
  REQUIRE(result.carried_over == 507);
  REQUIRE(result.ledger.size() == 1);
  REQUIRE(result.ledger[0].transfer.key == "epoch:2026-W18:coverage:issue");
}

TEST_CASE("a share goes to the registered address, what was owed to the old one stays there") {
  auto input = input_with({unit(1, 1, kMonday)}, 500);
  input.totals = {{pseudonym_of(account(1)), 100}};
  input.payouts = {{account(1), address(5)}};
  const auto result = closed(input);
  std::vector<Total> expected{{pseudonym_of(account(1)), 100}, {address(5), 500}};
  std::ranges::sort(expected);
  REQUIRE(result.totals == expected);
}

TEST_CASE("the new state of a cell is its latest visit") {
  auto input = input_with({unit(1, 1, kMonday), unit(2, 2, kMonday + 1h)});
  auto untouched = visit_before(unit(9, 9, kMonday, place(1, 1)), 1h);
  input.visits = {visit_before(input.units[0], days{2}), untouched};
  const auto result = closed(input);
  REQUIRE(result.visits == std::vector<LastVisit>{{input.visits[0].where, kMonday + 1h}});
}

TEST_CASE("inputs that can't be true are refused with a sentence") {
  const auto good = input_with({unit(1, 1, kMonday)});
  const auto with = [&](auto change) {
    auto changed = good;
    change(changed);
    return first_problem(changed);
  };
  constexpr auto most = std::numeric_limits<Amount>::max();
  REQUIRE(with([](auto&) {}).empty());
  REQUIRE(with([](auto& in) { in.units.push_back(unit(1, 2, kMonday)); }).find("a frame stands twice") == 0);
  REQUIRE_FALSE(with([](auto& in) { in.units[0].taken_at = kEpochEnd; }).empty());
  REQUIRE_FALSE(with([](auto& in) { in.units[0].taken_at = UtcTime{-1us}; }).empty());
  REQUIRE_FALSE(with([](auto& in) { in.units[0].quality_ppm = kWhole + 1; }).empty());
  REQUIRE_FALSE(with([](auto& in) { in.units[0].heading_deg = std::numeric_limits<double>::quiet_NaN(); }).empty());
  REQUIRE_FALSE(with([](auto& in) { in.pool_balance = -1; }).empty());
  REQUIRE_FALSE(with([](auto& in) { in.policy.coverage_pool = -1; }).empty());
  REQUIRE_FALSE(with([&](auto& in) { in.policy.coverage_pool = in.pool_balance = most; }).empty());
  REQUIRE_FALSE(with([&](auto& in) { in.totals = {{address(1), most}}; }).empty());
  REQUIRE_FALSE(with([](auto& in) { in.totals = {{address(1), -4}}; }).empty());
  REQUIRE_FALSE(with([](auto& in) { in.totals = {{address(1), 4}, {address(1), 5}}; }).empty());
  REQUIRE_FALSE(with([](auto& in) { in.payouts = {{account(1), address(1)}, {account(1), address(2)}}; }).empty());
  REQUIRE_FALSE(with([](auto& in) { in.epoch.name = "../x"; }).empty());
  REQUIRE_FALSE(with([](auto& in) { in.epoch.end = in.epoch.begin; }).empty());
  REQUIRE_FALSE(with([](auto& in) { in.policy.cell_level = 31; }).empty());
}

TEST_CASE("the largest pool can be split and paid") {
  const auto result = closed(input_with({unit(1, 1, kMonday), unit(2, 2, kMonday + 1h)}, std::numeric_limits<Amount>::max()));
  REQUIRE(result.shares[0].amount + result.shares[1].amount == std::numeric_limits<Amount>::max());
}

TEST_CASE("a score becomes parts per million by one rule") {
  REQUIRE(ppm_of(0.5) == 500'000);
  REQUIRE(ppm_of(0.0000005) == 1);
  REQUIRE(ppm_of(1.7) == kWhole);
  REQUIRE(ppm_of(-1) == 0);
  REQUIRE(ppm_of(std::numeric_limits<double>::quiet_NaN()) == 0);
}

TEST_CASE("a cell is written as its S2 token and octant") {
  const auto where = cell_octant_of(place(55.7, 13.19), 359, 20);
  REQUIRE(where.octant == 0);
  REQUIRE(s2_level_of(where.cell) == 20);
  REQUIRE(cell_octant_of(place(55.7, 13.19), -45, 20).octant == 7);
  REQUIRE(cell_octant_of(place(55.7, 13.19), 22.4, 20).octant == 0);
  REQUIRE(cell_octant_of(place(55.7, 13.19), 22.5, 20).octant == 1);
}

TEST_CASE("cells are S2's: its own test places this leaf at this latitude and longitude") {
  // 0x47a1cbd595522b39, cellid_test.go of golang/geo; its ancestor of level 20 ends after the eleventh digit.
  REQUIRE(cell_octant_of(place(49.703498679, 11.770681595), 0, 20).text() == "47a1cbd5955/0");
}
