#include "rewards/ledger.hpp"

#include "tests/catch.hpp"
#include "tests/rewards/made.hpp"

#include <limits>

using namespace cairn;
using namespace cairn::rewards;

namespace {

const UtcTime kNoon{std::chrono::sys_days{std::chrono::year{2026} / 5 / 1} + std::chrono::hours{12}};

Transfer transfer(const std::string& key, const std::string& from, const std::string& to, Amount amount) {
  return {key, from, to, amount, kNoon};
}

Ledger filled() {
  Ledger ledger;
  REQUIRE(std::holds_alternative<LedgerRow>(ledger.add(transfer("k1", "issuance:coverage", "pool:coverage", 100))));
  REQUIRE(std::holds_alternative<LedgerRow>(ledger.add(transfer("k2", "pool:coverage", "payable:a", 60))));
  REQUIRE(std::holds_alternative<LedgerRow>(ledger.add(transfer("k3", "pool:coverage", "payable:b", 40))));
  return ledger;
}

std::string refusal_of(Ledger& ledger, const Transfer& asked) {
  const auto outcome = ledger.add(asked);
  const auto* refusal = std::get_if<LedgerRefusal>(&outcome);
  return refusal ? refusal->sentence : "";
}

}  // namespace

TEST_CASE("what leaves one account enters another, and all balances add up to nothing") {
  const auto ledger = filled();
  Amount sum = 0;
  for (const auto& [name, amount] : ledger.balances()) sum += amount;
  REQUIRE(sum == 0);
  REQUIRE(ledger.balance_of("payable:a") == 60);
  REQUIRE(ledger.balance_of("issuance:coverage") == -100);
  REQUIRE(verify_chain(ledger.rows()).empty());
}

TEST_CASE("the same transfer made twice is one row") {
  auto ledger = filled();
  const auto again = std::get<LedgerRow>(ledger.add(transfer("k2", "pool:coverage", "payable:a", 60)));
  REQUIRE(again.sequence == 2);
  REQUIRE(ledger.rows().size() == 3);
}

TEST_CASE("a key used for another transfer, an overdraft, bad amounts and bad names are refused and change nothing") {
  auto ledger = filled();
  const auto head = ledger.head();
  REQUIRE(refusal_of(ledger, transfer("k2", "pool:coverage", "payable:a", 61)).find("the key k2 was used") == 0);
  REQUIRE(refusal_of(ledger, transfer("k4", "pool:coverage", "payable:a", 1)) ==
          "transfer k4 takes 1 from pool:coverage, which holds 0");
  REQUIRE_FALSE(refusal_of(ledger, transfer("k4", "payable:a", "paid:a", 0)).empty());
  REQUIRE_FALSE(refusal_of(ledger, transfer("k4", "payable:a", "paid:a", -5)).empty());
  REQUIRE_FALSE(refusal_of(ledger, transfer("k4", "payable:a", "payable:a", 5)).empty());
  REQUIRE_FALSE(refusal_of(ledger, transfer("k4", "payable:a", "wallet:a", 5)).empty());
  REQUIRE_FALSE(refusal_of(ledger, transfer("k4", "payable:a", "paid:", 5)).empty());
  REQUIRE_FALSE(refusal_of(ledger, transfer("k,4", "payable:a", "paid:a", 5)).empty());
  REQUIRE_FALSE(refusal_of(ledger, transfer("", "payable:a", "paid:a", 5)).empty());
  REQUIRE(ledger.head() == head);
}

TEST_CASE("no balance can pass the largest amount") {
  constexpr auto most = std::numeric_limits<Amount>::max();
  Ledger ledger{{}, {{"pool:coverage", most}}};
  REQUIRE(refusal_of(ledger, transfer("k", "issuance:coverage", "pool:coverage", 1)).find("would lift") != std::string::npos);
  Ledger spent{{}, {{"issuance:x", std::numeric_limits<Amount>::min()}}};
  REQUIRE_FALSE(refusal_of(spent, transfer("k", "issuance:x", "pool:x", 1)).empty());
}

TEST_CASE("any change to any row breaks the chain") {
  const auto rows = filled().rows();
  const auto breaks = [&](std::size_t i, auto change) {
    auto changed = rows;
    change(changed[i]);
    return !verify_chain(changed).empty();
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(i);
    for (std::size_t byte = 0; byte < 32; ++byte) {
      REQUIRE(breaks(i, [&](LedgerRow& row) { row.hash.bytes[byte] ^= 1; }));
      REQUIRE(breaks(i, [&](LedgerRow& row) { row.previous.bytes[byte] ^= 0x80; }));
    }
    for (std::size_t byte = 0; byte < rows[i].transfer.key.size(); ++byte) {
      REQUIRE(breaks(i, [&](LedgerRow& row) { row.transfer.key[byte] ^= 1; }));
    }
    REQUIRE(breaks(i, [](LedgerRow& row) { row.transfer.to += "x"; }));
    REQUIRE(breaks(i, [](LedgerRow& row) { row.transfer.from += "x"; }));
    REQUIRE(breaks(i, [](LedgerRow& row) { row.transfer.amount -= 1; }));
    REQUIRE(breaks(i, [](LedgerRow& row) { row.transfer.at += std::chrono::microseconds{1}; }));
    REQUIRE(breaks(i, [](LedgerRow& row) { row.sequence += 1; }));
  }
}

TEST_CASE("a row taken out, put in twice or moved breaks the chain") {
  const auto rows = filled().rows();
  REQUIRE_FALSE(verify_chain(std::vector{rows[0], rows[2]}).empty());
  REQUIRE_FALSE(verify_chain(std::vector{rows[0], rows[1], rows[1]}).empty());
  REQUIRE_FALSE(verify_chain(std::vector{rows[0], rows[2], rows[1]}).empty());
  REQUIRE(verify_chain(std::span{rows}.subspan(1), {1, rows[0].hash}, {{"pool:coverage", 100}}).empty());
}
