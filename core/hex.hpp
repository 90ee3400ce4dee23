#pragma once
// Bytes as hexadecimal text.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace cairn {

/// Two digits a byte, in lower case.
inline void append_hex(std::string& text, std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const auto byte : bytes) text += {kDigits[byte >> 4], kDigits[byte & 15]};
}

inline std::string hex_of(std::span<const std::uint8_t> bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  append_hex(text, bytes);
  return text;
}

/// Fills `bytes` from two digits for each, in either case; false when the text is longer or shorter, or a digit is none. By a table
/// without branches: ids and digests are read from every row of the catalogue.
inline bool read_hex(std::string_view text, std::span<std::uint8_t> bytes) {
  static constexpr std::uint8_t kNone = 0x80;
  static constexpr auto kValues = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(kNone);
    for (std::uint8_t digit = 0; digit < 16; ++digit) {
      values[static_cast<std::uint8_t>("0123456789abcdef"[digit])] = digit;
      values[static_cast<std::uint8_t>("0123456789ABCDEF"[digit])] = digit;
    }
    return values;
  }();
  if (text.size() != 2 * bytes.size()) return false;
  std::uint8_t seen = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto high = kValues[static_cast<std::uint8_t>(text[2 * i])], low = kValues[static_cast<std::uint8_t>(text[2 * i + 1])];
    seen |= high | low;
    bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return (seen & kNone) == 0;
}

}  // namespace cairn
