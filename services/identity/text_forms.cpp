#include "services/identity/text_forms.hpp"

#include <algorithm>

namespace cairn::identity {
namespace {

constexpr std::string_view kBase64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::size_t kLongestBase58 = 64;  // a did:key of Ed25519 has 47

/// digits = digits * factor + carry, in a base, most significant digit last.
void multiply_add(std::vector<std::uint8_t>& digits, std::uint32_t factor, std::uint32_t carry, std::uint32_t base) {
  for (auto& digit : digits) {
    carry += digit * factor;
    digit = static_cast<std::uint8_t>(carry % base);
    carry /= base;
  }
  for (; carry > 0; carry /= base) digits.push_back(static_cast<std::uint8_t>(carry % base));
}

}  // namespace

std::string base64url_of(ByteView bytes) {
  std::string text;
  std::uint32_t bits = 0;
  int held = 0;
  for (const auto byte : bytes) {
    bits = bits << 8 | std::to_integer<std::uint32_t>(byte);
    for (held += 8; held >= 6; held -= 6) text += kBase64url[bits >> (held - 6) & 63];
  }
  if (held > 0) text += kBase64url[bits << (6 - held) & 63];
  return text;
}

std::optional<Bytes> from_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  Bytes bytes;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const auto value = kBase64url.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push_back(static_cast<std::byte>(bits >> held));
  }
  if ((bits & ((1U << held) - 1)) != 0) return std::nullopt;
  return bytes;
}

std::string base58_of(ByteView bytes) {
  std::vector<std::uint8_t> digits;
  for (const auto byte : bytes) multiply_add(digits, 256, std::to_integer<std::uint32_t>(byte), 58);
  const auto zeros = std::ranges::find_if(bytes, [](std::byte byte) { return byte != std::byte{0}; }) - bytes.begin();
  std::string text(static_cast<std::size_t>(zeros), kBase58[0]);
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) text += kBase58[*digit];
  return text;
}

std::optional<Bytes> from_base58(std::string_view text) {
  if (text.size() > kLongestBase58) return std::nullopt;
  std::vector<std::uint8_t> digits;
  for (const char c : text) {
    const auto value = kBase58.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    multiply_add(digits, 58, static_cast<std::uint32_t>(value), 256);
  }
  const auto zeros = std::min(text.find_first_not_of(kBase58[0]), text.size());
  Bytes bytes(zeros, std::byte{0});
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) bytes.push_back(std::byte{*digit});
  return bytes;
}

}  // namespace cairn::identity
