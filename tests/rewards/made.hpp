#pragma once
// Inputs made from a seed, for tests and for the programs that judge a bundle from outside.

#include "rewards/epoch.hpp"
#include "tests/random.hpp"

#include <string>

namespace cairn::rewards::testing {

inline constexpr UtcTime kEpochBegin{std::chrono::sys_days{std::chrono::year{2026} / 5 / 1}};
inline constexpr UtcTime kMonday = kEpochBegin + std::chrono::days{3};
inline constexpr UtcTime kEpochEnd = kEpochBegin + std::chrono::days{7};

inline AccountId account(int n) { return AccountId::derived_from({"account", std::to_string(n)}); }
inline FrameId frame(int n) { return FrameId::derived_from({"frame", std::to_string(n)}); }
inline LatLon place(double lat_deg, double lon_deg) { return *LatLon::from_degrees(lat_deg, lon_deg); }
inline Address address(int n) { return pseudonym_of(account(1'000'000 + n)); }

inline Policy policy(Amount pool) {
  Policy made;
  made.version = "test-1";
  made.coverage_pool = pool;
  return made;
}

/// A frame of full quality and trust, looking north.
inline CoverageUnit unit(int frame_number, int account_number, UtcTime taken_at, LatLon where = place(55.7, 13.19)) {
  return {frame(frame_number), account(account_number), where, 0, taken_at, kWhole, kWhole};
}

inline EpochInput input_with(std::vector<CoverageUnit> units, Amount pool = 1'000'000) {
  EpochInput input;
  input.epoch = {"2026-W18", kEpochBegin, kEpochEnd};
  input.policy = policy(pool);
  input.units = std::move(units);
  return input;
}

/// Frames of several accounts in a small town where they meet, with earlier visits, payout addresses and totals.
inline EpochInput town(std::uint64_t seed, int frames, int accounts) {
  cairn::testing::Random random{seed};
  auto input = input_with({}, random.whole(1, 1'000'000'000'000));
  input.policy.contributor_day_units = random.whole(1, 40);
  input.policy.cell_day_units = random.whole(1, 3);
  for (int i = 0; i < frames; ++i) {
    auto made = unit(i, static_cast<int>(random.whole(0, accounts - 1)),
                     kEpochBegin + std::chrono::seconds{random.whole(-86'400, 7 * 86'400 - 1)},
                     place(55.7 + 0.0002 * static_cast<double>(random.whole(0, 9)), 13.19));
    made.heading_deg = random.between(-360, 720);
    made.quality_ppm = static_cast<Ppm>(random.whole(0, kWhole));
    made.trust_ppm = static_cast<Ppm>(random.whole(0, 9) == 0 ? 0 : random.whole(0, kWhole));
    input.units.push_back(made);
    if (random.whole(0, 3) == 0) {
      input.visits.push_back({cell_octant_of(made.place, made.heading_deg, input.policy.cell_level),
                              kEpochBegin - std::chrono::hours{24}});
    }
  }
  for (int i = 0; i < accounts; i += 3) input.payouts.push_back({account(i), address(i / 6)});
  for (int i = 0; i < accounts; i += 4) input.totals.push_back({address(i), random.whole(1, 1'000'000)});
  input.pool_balance = random.whole(0, 1000);
  input.ledger_head = {41, sha256_of("an earlier row")};
  input.versions = {{"detector", "signs-1"}};
  return input;
}

inline EpochResult closed(const EpochInput& input) {
  auto outcome = close_epoch(input);
  if (const auto* refusal = std::get_if<EpochRefusal>(&outcome)) throw std::runtime_error{refusal->problems.front()};
  return std::move(std::get<EpochResult>(outcome));
}

}  // namespace cairn::rewards::testing
