#pragma once

#include "core/bytes.hpp"
#include "core/id.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::rewards {

/// A Keccak-256 digest as Ethereum uses it: the padding is 0x01, so it is not SHA3-256.
struct Keccak256 {
  std::array<std::uint8_t, 32> bytes{};

  /// "0x" and 64 lower-case hexadecimal digits.
  std::string text() const;
  friend auto operator<=>(const Keccak256&, const Keccak256&) = default;
};

Keccak256 keccak256_of(ByteView bytes);

/// Twenty bytes that receive money: an account's pseudonym, or an address its owner registered.
struct Address {
  std::array<std::uint8_t, 20> bytes{};

  /// Reads "0x" and 40 hexadecimal digits in either case; nothing for anything else.
  static std::optional<Address> parse(std::string_view text);
  /// "0x" and 40 lower-case hexadecimal digits.
  std::string text() const;
  friend auto operator<=>(const Address&, const Address&) = default;
};

/// The pseudonym under which an account stands in shares, ledger and bundle: the last 20 bytes of the Keccak-256 of the
/// account id's 16 bytes. Nobody holds a key to it; it receives nothing on a chain until its owner registers an address.
Address pseudonym_of(AccountId account);

}  // namespace cairn::rewards
