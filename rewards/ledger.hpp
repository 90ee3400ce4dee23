#pragma once
// The double-entry ledger: every amount leaves one account and enters another, every row is chained to the one before it.
//
// Accounts are named "kind:owner". Kinds: issuance (where money comes from; the only one below zero), pool, escrow, payable,
// paid, burned, stake. "pool:coverage", "payable:0x2b5a…".

#include "core/sha256.hpp"
#include "core/time.hpp"
#include "rewards/amount.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace cairn::rewards {

struct Transfer {
  std::string key;   ///< idempotency: one key, one transfer, for ever. Printable ASCII without comma, quote or space
  std::string from;
  std::string to;
  Amount amount = 0; ///< above zero
  UtcTime at{};      ///< when it counts, not when it was written
  friend bool operator==(const Transfer&, const Transfer&) = default;
};

struct LedgerRow {
  std::uint64_t sequence = 0;  ///< 1 is the first row of the ledger
  Transfer transfer;
  Sha256 previous;             ///< hash of the row before; zeros for the first
  Sha256 hash;                 ///< SHA-256 over the canonical bytes of all the above (docs/rewards.md)
  friend bool operator==(const LedgerRow&, const LedgerRow&) = default;
};

/// The end of the chain: what the next row builds on.
struct LedgerHead {
  std::uint64_t rows = 0;
  Sha256 hash;
  friend bool operator==(const LedgerHead&, const LedgerHead&) = default;
};

using Balances = std::map<std::string, Amount>;

struct LedgerRefusal {
  std::string sentence;
};

/// Rows being added after a known head. Keeps balances of the accounts it was told of or has seen.
class Ledger {
 public:
  Ledger() = default;
  Ledger(LedgerHead head, const Balances& balances) : head_{head}, balances_(balances.begin(), balances.end()) {}

  /// Adds a transfer. The same transfer under the same key changes nothing and gives the row that is already there.
  /// Refused: another transfer under a used key, an amount not above zero, an overflow, a bad name, an overdraft.
  /// Knows only keys added since it was made: the catalogue's unique index guards the older ones.
  std::variant<LedgerRow, LedgerRefusal> add(const Transfer& transfer);

  Amount balance_of(const std::string& account) const;
  const LedgerHead& head() const { return head_; }
  const std::vector<LedgerRow>& rows() const { return rows_; }  ///< those added here, in order
  Balances balances() const { return {balances_.begin(), balances_.end()}; }

 private:
  std::optional<std::string> problem_with(const Transfer& transfer) const;

  LedgerHead head_;
  std::unordered_map<std::string, Amount> balances_;  // both are looked up, never walked
  std::vector<LedgerRow> rows_;
  std::unordered_map<std::string, std::size_t> row_of_key_;
};

/// The hash that a row must have.
Sha256 hash_of(const LedgerRow& row);

/// Proves a stretch of the ledger that starts after `before`: sequence, links, hashes, names, amounts, unique keys, and no
/// balance below zero but issuance. Gives the first problem, since nothing after a broken link is proven; empty when there is none.
std::vector<std::string> verify_chain(std::span<const LedgerRow> rows, LedgerHead before = {}, const Balances& balances = {});

}  // namespace cairn::rewards
