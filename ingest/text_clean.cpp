#include "ingest/text_clean.hpp"

#include <algorithm>
#include <cstdint>

namespace cairn::ingest {
namespace {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t length = 0;  ///< 0: no valid UTF-8 here
};

std::size_t length_from_lead(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

CodePoint code_point_at(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  const auto length = length_from_lead(lead);
  if (length == 0 || length > text.size()) return {};
  std::uint32_t value = length == 1 ? lead : lead & (0x7Fu >> length);
  for (const char next : text.substr(1, length - 1)) {
    if ((static_cast<std::uint8_t>(next) & 0xC0) != 0x80) return {};
    value = value << 6 | (static_cast<std::uint8_t>(next) & 0x3Fu);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value < 0xE000;
  if (overlong || surrogate || value > 0x10FFFF) return {};
  return {value, length};
}

bool is_unwanted(std::uint32_t value) {
  return value < 0x20 || (value >= 0x7F && value < 0xA0) || (value >= 0x202A && value <= 0x202E) ||
         (value >= 0x2066 && value <= 0x2069) || value == 0x200E || value == 0x200F;
}

}  // namespace

std::string clean_text(std::string_view text, std::size_t most_bytes) {
  std::string clean;
  while (!text.empty() && clean.size() < most_bytes) {
    const auto point = code_point_at(text);
    if (point.length == 0) {
      clean += '?';
    } else if (!is_unwanted(point.value)) {
      if (clean.size() + point.length > most_bytes) break;
      clean += text.substr(0, point.length);
    }
    text.remove_prefix(std::max<std::size_t>(1, point.length));
  }
  const auto first = clean.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return clean.substr(first, clean.find_last_not_of(' ') - first + 1);
}

}  // namespace cairn::ingest
