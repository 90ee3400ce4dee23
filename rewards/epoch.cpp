#include "rewards/epoch.hpp"

#include "rewards/coverage.hpp"
#include "rewards/ledger_names.hpp"
#include "rewards/split.hpp"

#include <algorithm>

namespace cairn::rewards {
namespace {

/// Weights summed per account, those above zero, by account.
std::vector<Claim> claims_of(const std::vector<Line>& lines) {
  std::vector<Claim> claims;
  for (const auto& line : lines) {
    if (line.weight_ppm > 0) claims.push_back({line.account, line.weight_ppm});
  }
  std::ranges::sort(claims, {}, &Claim::account);
  std::size_t last = 0;
  for (std::size_t i = 1; i < claims.size(); ++i) {
    if (claims[i].account == claims[last].account) {
      claims[last].weight += claims[i].weight;
    } else {
      claims[++last] = claims[i];
    }
  }
  if (!claims.empty()) claims.resize(last + 1);
  return claims;
}

Address payout_of(const std::vector<CanonicalInput::Payout>& sorted, const Address& account) {
  const auto found = std::ranges::lower_bound(sorted, account, {}, &CanonicalInput::Payout::account);
  return found != sorted.end() && found->account == account ? found->address : account;
}

std::vector<Share> shares_of(const CanonicalInput& input, Amount pool, const std::vector<Line>& lines) {
  const auto claims = claims_of(lines);
  const auto amounts = split(pool, claims, input.epoch.name);
  std::vector<Share> shares;
  shares.reserve(claims.size());
  for (std::size_t i = 0; i < claims.size(); ++i) {
    shares.push_back({claims[i].account, payout_of(input.payouts, claims[i].account), claims[i].weight, amounts[i]});
  }
  return shares;
}

/// Issues the pool and pays the shares out of it, each under a key that can be used once only.
std::variant<std::vector<LedgerRow>, LedgerRefusal> ledger_of(const CanonicalInput& input, const std::vector<Share>& shares) {
  const auto pool = pool_account("coverage");
  const auto key = "epoch:" + input.epoch.name + ":coverage:";
  Ledger ledger{input.ledger_head, {{pool, input.pool_balance}}};
  const auto add = [&](const std::string& what, const std::string& from, const std::string& to, Amount amount) {
    const auto outcome = amount > 0 ? ledger.add({key + what, from, to, amount, input.epoch.end}) : LedgerRow{};
    return std::holds_alternative<LedgerRow>(outcome) ? std::nullopt : std::optional{std::get<LedgerRefusal>(outcome)};
  };
  if (auto refusal = add("issue", issuance_account("coverage"), pool, input.policy.coverage_pool)) return *refusal;
  for (const auto& share : shares) {
    if (auto refusal = add(share.account.text(), pool, payable_account(share.account), share.amount)) return *refusal;
  }
  return ledger.rows();
}

/// Cumulative amounts with the shares added, by address.
std::vector<Total> totals_after(std::vector<Total> totals, const std::vector<Share>& shares) {
  for (const auto& share : shares) {
    if (share.amount > 0) totals.push_back({share.payout, share.amount});
  }
  std::ranges::sort(totals);
  std::vector<Total> merged;
  for (const auto& total : totals) {
    if (!merged.empty() && merged.back().address == total.address) {
      merged.back().amount += total.amount;
    } else {
      merged.push_back(total);
    }
  }
  return merged;
}

}  // namespace

EpochOutcome close_canonical(CanonicalInput input) {
  if (auto problems = problems_of(input); !problems.empty()) return EpochRefusal{std::move(problems)};
  auto work = weigh_coverage(input);
  const Amount pool = input.policy.coverage_pool + input.pool_balance;
  auto shares = shares_of(input, pool, work.lines);
  auto ledger = ledger_of(input, shares);
  if (const auto* refusal = std::get_if<LedgerRefusal>(&ledger)) return EpochRefusal{{refusal->sentence}};
  auto totals = totals_after(input.totals, shares);
  const Amount carried_over = shares.empty() ? pool : 0;
  return EpochResult{.input = std::move(input),
                     .lines = std::move(work.lines),
                     .shares = std::move(shares),
                     .pool = pool,
                     .carried_over = carried_over,
                     .ledger = std::move(std::get<std::vector<LedgerRow>>(ledger)),
                     .visits = std::move(work.visits),
                     .totals = std::move(totals)};
}

EpochOutcome close_epoch(const EpochInput& input) {
  auto canonical = canonical_input(input);
  if (auto* refusal = std::get_if<EpochRefusal>(&canonical)) return std::move(*refusal);
  return close_canonical(std::move(std::get<CanonicalInput>(canonical)));
}

}  // namespace cairn::rewards
