#pragma once

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

namespace cairn::ingest {

/// The text without blanks around it.
inline std::string_view without_blanks(std::string_view text) {
  const auto is_blank = [](char letter) { return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// A finite decimal number that fills the text but for blanks around it; the same under every locale.
inline std::optional<double> number_from_text(std::string_view text) {
  text = without_blanks(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace cairn::ingest
