// From what the catalogue knows to what may be published: pseudonyms for accounts, cells for places, one fixed order.
#include "rewards/epoch.hpp"

#include "core/s2_cell.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace cairn::rewards {
namespace {

constexpr Amount kMost = std::numeric_limits<Amount>::max();
const UtcTime kLatest{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};

template <class T>
void sort_and_drop_repeats(std::vector<T>& things) {
  std::ranges::sort(things);
  things.erase(std::unique(things.begin(), things.end()), things.end());  // clang 14 lacks ranges::unique
}

/// Pseudonyms, each hashed once.
class Pseudonyms {
 public:
  Address of(AccountId account) {
    const auto [entry, is_new] = known_.try_emplace(account);
    if (is_new) entry->second = pseudonym_of(account);
    return entry->second;
  }
  bool has(AccountId account) const { return known_.contains(account); }

 private:
  std::unordered_map<AccountId, Address> known_;
};

/// The visits of cells that stand in the rows. Both are sorted by cell.
std::vector<LastVisit> visits_of_touched(const std::vector<LastVisit>& visits, const std::vector<CanonicalInput::Row>& rows) {
  std::vector<LastVisit> touched;
  for (const auto& visit : visits) {
    const auto row = std::ranges::lower_bound(rows, visit.where, {}, &CanonicalInput::Row::where);
    if (row != rows.end() && row->where == visit.where) touched.push_back(visit);
  }
  return touched;
}

/// Says so when two neighbours in a sorted list have the same key.
template <class T, class Key>
void require_distinct(const std::vector<T>& sorted, Key key, const std::string& what, std::vector<std::string>& problems) {
  const auto twice = std::ranges::adjacent_find(sorted, {}, key);
  if (twice != sorted.end()) problems.push_back(what + " stands twice with different values: " + std::invoke(key, *twice).text());
}

void check_epoch(const CanonicalInput& input, std::vector<std::string>& problems) {
  const auto& [name, begin, end] = input.epoch;
  if (!is_name(name)) problems.push_back("the epoch's name '" + name.substr(0, 64) + "' must be 1-64 letters, digits, '.', '_' or '-'");
  if (begin < UtcTime{} || begin >= end || end > kLatest) {
    problems.push_back("the epoch must begin after 1970 and before its end, and end before the year 10000");
  }
  const auto policy = policy_from_yaml(policy_json(input.policy));
  if (const auto* problem = std::get_if<PolicyProblem>(&policy)) problems.push_back("the policy can't be used: " + problem->sentence);
}

void check_amounts(const CanonicalInput& input, std::vector<std::string>& problems) {
  const Amount issued = input.policy.coverage_pool;
  if (input.pool_balance < 0) {
    problems.push_back("the pool's balance is " + std::to_string(input.pool_balance) + "; it can't be below zero");
  } else if (issued >= 0 && input.pool_balance > kMost - issued) {
    problems.push_back("issuing " + std::to_string(issued) + " would lift the pool above the largest amount");
  }
  if (!problems.empty()) return;
  const Amount pool = issued + input.pool_balance;
  for (const auto& [address, amount] : input.totals) {
    if (amount > 0 && amount <= kMost - pool) continue;
    problems.push_back("the total " + std::to_string(amount) + " of " + address.text() +
                       " must be above zero and leave room for a share below the largest amount");
    return;
  }
}

void check_rows(const CanonicalInput& input, std::vector<std::string>& problems) {
  const auto refuse = [&](const CanonicalInput::Row& row, const std::string& why) {
    problems.push_back("frame " + row.frame.text() + " " + why);
  };
  for (const auto& row : input.rows) {
    if (row.taken_at < UtcTime{} || row.taken_at >= input.epoch.end) {
      refuse(row, "was taken at " + std::to_string(micros_of(row.taken_at)) + " us, not between 1970 and the epoch's end");
    } else if (row.quality_ppm > kWhole || row.trust_ppm > kWhole) {
      refuse(row, "has a quality or trust above " + std::to_string(kWhole) + " ppm");
    } else if (row.where.octant > 7 || s2_level_of(row.where.cell) != input.policy.cell_level) {
      refuse(row, "stands in " + row.where.text() + ", which is no cell and octant of level " + std::to_string(input.policy.cell_level));
    }
    if (problems.size() >= 10) return;  // enough to act on
  }
}

void check_frames_distinct(const CanonicalInput& input, std::vector<std::string>& problems) {
  std::vector<FrameId> frames;
  frames.reserve(input.rows.size());
  for (const auto& row : input.rows) frames.push_back(row.frame);
  std::ranges::sort(frames);
  require_distinct(frames, std::identity{}, "a frame", problems);
}

}  // namespace

std::variant<CanonicalInput, EpochRefusal> canonical_input(const EpochInput& input) {
  CanonicalInput canonical{input.epoch,  input.policy,       {}, input.visits, {}, input.totals, input.pool_balance,
                           input.ledger_head, input.versions};
  std::vector<std::string> problems;
  check_epoch(canonical, problems);
  if (!problems.empty()) return EpochRefusal{std::move(problems)};

  Pseudonyms pseudonyms;
  canonical.rows.reserve(input.units.size());
  for (const auto& unit : input.units) {
    if (!std::isfinite(unit.heading_deg)) return EpochRefusal{{"frame " + unit.frame.text() + " has a heading that is no number"}};
    canonical.rows.push_back({cell_octant_of(unit.place, unit.heading_deg, input.policy.cell_level), unit.taken_at, unit.frame,
                              pseudonyms.of(unit.account), unit.quality_ppm, unit.trust_ppm});
  }
  for (const auto& [account, address] : input.payouts) {
    if (pseudonyms.has(account)) canonical.payouts.push_back({pseudonyms.of(account), address});
  }
  sort_and_drop_repeats(canonical.rows);
  sort_and_drop_repeats(canonical.visits);
  sort_and_drop_repeats(canonical.payouts);
  sort_and_drop_repeats(canonical.totals);
  canonical.visits = visits_of_touched(canonical.visits, canonical.rows);
  return canonical;
}

std::vector<std::string> problems_of(const CanonicalInput& input) {
  std::vector<std::string> problems;
  check_epoch(input, problems);
  if (!problems.empty()) return problems;
  check_amounts(input, problems);
  check_rows(input, problems);
  check_frames_distinct(input, problems);
  require_distinct(input.visits, &LastVisit::where, "the last visit of a cell", problems);
  require_distinct(input.payouts, &CanonicalInput::Payout::account, "the payout address of an account", problems);
  require_distinct(input.totals, &Total::address, "the total of an address", problems);
  for (const auto& visit : input.visits) {
    if (visit.at >= UtcTime{} && visit.at < input.epoch.end) continue;
    problems.push_back("the last visit of " + visit.where.text() + " is not between 1970 and the epoch's end");
    break;
  }
  return problems;
}

}  // namespace cairn::rewards
