#include "rewards/keccak.hpp"

#include <cryptopp/keccak.h>

#include <algorithm>
#include <span>

namespace cairn::rewards {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

std::string hex_text(std::span<const std::uint8_t> bytes) {
  std::string text = "0x";
  text.reserve(2 + 2 * bytes.size());
  for (const auto byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::optional<std::uint8_t> digit_value(char digit) {
  const char lower = digit >= 'A' && digit <= 'F' ? static_cast<char>(digit - 'A' + 'a') : digit;
  const auto position = kDigits.find(lower);
  if (position == std::string_view::npos) return std::nullopt;
  return static_cast<std::uint8_t>(position);
}

}  // namespace

std::string Keccak256::text() const { return hex_text(bytes); }
std::string Address::text() const { return hex_text(bytes); }

Keccak256 keccak256_of(ByteView bytes) {
  CryptoPP::Keccak_256 hash;
  Keccak256 digest;
  hash.Update(reinterpret_cast<const CryptoPP::byte*>(bytes.data()), bytes.size());
  hash.Final(digest.bytes.data());
  return digest;
}

std::optional<Address> Address::parse(std::string_view text) {
  if (text.size() != 42 || !text.starts_with("0x")) return std::nullopt;
  Address address;
  for (std::size_t i = 0; i < address.bytes.size(); ++i) {
    const auto high = digit_value(text[2 + 2 * i]);
    const auto low = digit_value(text[3 + 2 * i]);
    if (!high || !low) return std::nullopt;
    address.bytes[i] = static_cast<std::uint8_t>(*high << 4 | *low);
  }
  return address;
}

Address pseudonym_of(AccountId account) {
  const auto digest = keccak256_of(std::as_bytes(std::span{account.uuid.bytes}));
  Address address;
  std::copy_n(digest.bytes.begin() + 12, address.bytes.size(), address.bytes.begin());
  return address;
}

}  // namespace cairn::rewards
