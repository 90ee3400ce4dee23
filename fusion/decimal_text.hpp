#pragma once

#include <array>
#include <charconv>
#include <string>

namespace cairn::fusion {

/// A number with so many decimals, in any locale.
inline std::string decimal_text(double value, int decimals) {
  std::array<char, 400> text{};  // the largest double has 309 digits
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals).ptr;
  return {text.data(), end};
}

}  // namespace cairn::fusion
