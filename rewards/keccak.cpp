#include "rewards/keccak.hpp"

#include "core/hex.hpp"

#include <cryptopp/keccak.h>

#include <algorithm>
#include <span>

namespace cairn::rewards {
namespace {

std::string prefixed_hex(std::span<const std::uint8_t> bytes) {
  std::string text{"0x"};
  append_hex(text, bytes);
  return text;
}

}  // namespace

std::string Keccak256::text() const { return prefixed_hex(bytes); }
std::string Address::text() const { return prefixed_hex(bytes); }

Keccak256 keccak256_of(ByteView bytes) {
  CryptoPP::Keccak_256 hash;
  Keccak256 digest;
  hash.Update(reinterpret_cast<const CryptoPP::byte*>(bytes.data()), bytes.size());
  hash.Final(digest.bytes.data());
  return digest;
}

std::optional<Address> Address::parse(std::string_view text) {
  Address address;
  const bool is_one = text.starts_with("0x") && read_hex(text.substr(2), address.bytes);
  return is_one ? std::optional{address} : std::nullopt;
}

Address pseudonym_of(AccountId account) {
  const auto digest = keccak256_of(std::as_bytes(std::span{account.uuid.bytes}));
  Address address;
  std::copy_n(digest.bytes.begin() + 12, address.bytes.size(), address.bytes.begin());
  return address;
}

}  // namespace cairn::rewards
