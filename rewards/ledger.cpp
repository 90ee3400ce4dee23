#include "rewards/ledger.hpp"

#include "rewards/ledger_names.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace cairn::rewards {
namespace {

constexpr std::size_t kMaxNameLength = 200;  // far above "epoch:<64>:coverage:<42>", far below a row's reasonable size

std::string in_quotes(std::string_view text) { return std::string{"'"}.append(text.substr(0, kMaxNameLength)).append("'"); }

/// Printable ASCII that stands in a CSV file without quoting.
bool is_plain(std::string_view text) {
  return !text.empty() && text.size() <= kMaxNameLength &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127 && c != ',' && c != '"'; });
}

bool is_account_name(std::string_view name) {
  static constexpr std::array<std::string_view, 7> kinds{"issuance:", "pool:", "escrow:", "payable:", "paid:", "burned:", "stake:"};
  return is_plain(name) &&
         std::ranges::any_of(kinds, [&](auto kind) { return name.starts_with(kind) && name.size() > kind.size(); });
}

bool may_be_negative(std::string_view account) { return account.starts_with("issuance:"); }

void add_number(Sha256Stream& stream, std::uint64_t number) {
  std::array<std::uint8_t, 8> bytes;
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<std::uint8_t>(number >> (56 - 8 * i));
  stream.add(std::as_bytes(std::span{bytes}));
}

void add_text(Sha256Stream& stream, std::string_view text) {
  add_number(stream, text.size());
  stream.add(bytes_of(text));
}

}  // namespace

std::string pool_account(std::string_view pool) { return "pool:" + std::string{pool}; }
std::string issuance_account(std::string_view pool) { return "issuance:" + std::string{pool}; }
std::string payable_account(const Address& account) { return "payable:" + account.text(); }

Sha256 hash_of(const LedgerRow& row) {
  Sha256Stream stream;
  stream.add(std::as_bytes(std::span{row.previous.bytes}));
  add_number(stream, row.sequence);
  add_text(stream, row.transfer.key);
  add_text(stream, row.transfer.from);
  add_text(stream, row.transfer.to);
  add_number(stream, static_cast<std::uint64_t>(row.transfer.amount));
  add_number(stream, static_cast<std::uint64_t>(micros_of(row.transfer.at)));
  return stream.finish();
}

Amount Ledger::balance_of(const std::string& account) const {
  const auto found = balances_.find(account);
  return found == balances_.end() ? 0 : found->second;
}

std::optional<std::string> Ledger::problem_with(const Transfer& transfer) const {
  const auto& [key, from, to, amount, at] = transfer;
  if (!is_plain(key)) return "the transfer's key " + in_quotes(key) + " must be 1-200 printable characters without space, comma or quote";
  for (const auto* name : {&from, &to}) {
    if (!is_account_name(*name)) return "transfer " + key + " names the account " + in_quotes(*name) + ", which is not kind:owner of a known kind";
  }
  if (from == to) return "transfer " + key + " goes from " + from + " to itself";
  if (amount <= 0) return "transfer " + key + " has the amount " + std::to_string(amount) + "; it must be above zero";

  const Amount source = balance_of(from);
  if (may_be_negative(from) ? source < std::numeric_limits<Amount>::min() + amount : source < amount) {
    return "transfer " + key + " takes " + std::to_string(amount) + " from " + from + ", which holds " + std::to_string(source);
  }
  if (balance_of(to) > std::numeric_limits<Amount>::max() - amount) {
    return "transfer " + key + " would lift " + to + " above the largest amount";
  }
  return std::nullopt;
}

std::variant<LedgerRow, LedgerRefusal> Ledger::add(const Transfer& transfer) {
  if (const auto known = row_of_key_.find(transfer.key); known != row_of_key_.end()) {
    const auto& row = rows_[known->second];
    if (row.transfer == transfer) return row;
    return LedgerRefusal{"the key " + transfer.key + " was used for another transfer; a correction needs a key of its own"};
  }
  if (auto problem = problem_with(transfer)) return LedgerRefusal{std::move(*problem)};

  LedgerRow row{head_.rows + 1, transfer, head_.hash, {}};
  row.hash = hash_of(row);
  balances_[transfer.from] -= transfer.amount;
  balances_[transfer.to] += transfer.amount;
  row_of_key_.emplace(transfer.key, rows_.size());
  rows_.push_back(row);
  head_ = {row.sequence, row.hash};
  return row;
}

std::vector<std::string> verify_chain(std::span<const LedgerRow> rows, LedgerHead before, const Balances& balances) {
  std::vector<std::string> problems;
  Ledger replay{before, balances};
  for (const auto& row : rows) {
    const auto where = "ledger row " + std::to_string(row.sequence) + ": ";
    const auto seen = replay.rows().size();
    const auto outcome = replay.add(row.transfer);
    if (const auto* refusal = std::get_if<LedgerRefusal>(&outcome)) {
      problems.push_back(where + refusal->sentence);
    } else if (replay.rows().size() == seen) {
      problems.push_back(where + "repeats the transfer " + row.transfer.key);
    } else if (std::get<LedgerRow>(outcome) != row) {
      problems.push_back(where + "its sequence, link or hash is not what the chain gives");
    } else {
      continue;
    }
    break;  // what follows a broken link proves nothing
  }
  return problems;
}

}  // namespace cairn::rewards
