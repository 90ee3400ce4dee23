// How long an epoch takes: bench_rewards [ACCOUNTS] [FRAMES] [FOLDER]
// CPU seconds of each step; the bundle is written and verified when a folder is given.
#include "rewards/bundle.hpp"
#include "rewards/split.hpp"
#include "tests/rewards/made.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

namespace {

using namespace cairn::rewards;

/// CPU seconds that a step takes; what it gives is handed on.
template <class Step>
auto timed(const char* name, Step step) {
  const auto before = std::clock();
  auto result = step();
  std::printf("%-28s %8.2f CPU s\n", name, static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC);
  return result;
}

/// Frames spread over so many cells that each account has work.
EpochInput wide_land(int accounts, int frames) {
  cairn::testing::Random random{1};
  auto input = testing::input_with({}, 1'000'000'000'000);
  for (int i = 0; i < frames; ++i) {
    auto unit = testing::unit(i, i % accounts, testing::kEpochBegin + std::chrono::microseconds{random.whole(0, 600'000'000'000)},
                              random.place());
    unit.quality_ppm = static_cast<Ppm>(random.whole(1, kWhole));
    unit.trust_ppm = static_cast<Ppm>(random.whole(1, kWhole));
    input.units.push_back(unit);
  }
  return input;
}

}  // namespace

int main(int count, char** arguments) {
  const int accounts = count > 1 ? std::atoi(arguments[1]) : 1'000'000;
  const int frames = count > 2 ? std::atoi(arguments[2]) : accounts;
  const auto input = wide_land(accounts, frames);
  std::printf("%d accounts, %d frames\n", accounts, frames);

  const auto result = timed("close (all of it)", [&] { return testing::closed(input); });
  std::vector<Claim> claims;
  for (const auto& share : result.shares) claims.push_back({share.account, share.weight});
  timed("  of which split", [&] { return split(result.pool, claims, input.epoch.name); });
  const auto tree = timed("tree", [&] { return MerkleTree{result.totals}; });
  const auto hashes = timed("proofs of all leaves", [&] {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < tree.size(); ++i) sum += tree.proof_of(i).size();
    return sum;
  });
  std::printf("root %s, %zu hashes in proofs\n", tree.root() ? tree.root()->text().c_str() : "none", hashes);
  if (count > 3) {
    timed("write bundle", [&] { return write_bundle(result, arguments[3]); });
    const auto check = timed("verify bundle", [&] { return verify_bundle(arguments[3]); });
    std::printf("%zu problems\n", check.problems.size());
    return check.problems.empty() ? 0 : 1;
  }
  return 0;
}
