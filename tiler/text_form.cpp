#include "tiler/text_form.hpp"

#include "core/lat_lon.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>

namespace cairn::tiler {
namespace {

constexpr double kMostSteps = 4e9;

struct CodePointShape {
  std::size_t length = 0;
  std::uint32_t lowest = 0;  ///< anything below is an overlong form
  std::uint32_t bits = 0;
};

CodePointShape shape_of(unsigned char first) {
  if (first < 0x80) return {1, 0, first};
  if ((first & 0xe0) == 0xc0) return {2, 0x80, first & 0x1fu};
  if ((first & 0xf0) == 0xe0) return {3, 0x800, first & 0x0fu};
  if ((first & 0xf8) == 0xf0) return {4, 0x10000, first & 0x07u};
  return {};
}

/// Length of the code point that starts a text; 0 when it is malformed (RFC 3629).
std::size_t code_point_length(std::string_view text) {
  const auto shape = shape_of(static_cast<unsigned char>(text.front()));
  if (shape.length == 0 || shape.length > text.size()) return 0;
  auto value = shape.bits;
  for (std::size_t i = 1; i < shape.length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80) return 0;
    value = (value << 6) | (byte & 0x3fu);
  }
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  return value < shape.lowest || value > 0x10ffff || surrogate ? 0 : shape.length;
}

/// How many bytes at the beginning are ASCII for sure, eight at a time.
std::size_t ascii_length(std::string_view text) {
  std::size_t length = 0;
  for (std::uint64_t eight = 0; length + sizeof eight <= text.size(); length += sizeof eight) {
    std::memcpy(&eight, text.data() + length, sizeof eight);
    if ((eight & 0x8080808080808080) != 0) break;
  }
  return length;
}

}  // namespace

std::int32_t day_of(UtcTime time) {
  return static_cast<std::int32_t>(std::chrono::floor<std::chrono::days>(time).time_since_epoch().count());
}

std::string date_text(std::int32_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  const auto year = static_cast<int>(date.year());
  std::array<char, 32> text{};
  if (year < 0 || year > 9999) {  // only what is damaged has such a day
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", year, static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text.data();
  }
  const auto digit = [](int number) { return static_cast<char>('0' + number % 10); };
  const auto m = static_cast<int>(static_cast<unsigned>(date.month())), d = static_cast<int>(static_cast<unsigned>(date.day()));
  return {digit(year / 1000), digit(year / 100), digit(year / 10), digit(year), '-', digit(m / 10), digit(m), '-', digit(d / 10), digit(d)};
}

std::string postgres_time_text(UtcTime time) {
  auto text = to_iso8601(time);  // 2014-06-07T08:26:31.633000Z
  const auto after_date = text.find('T');
  if (after_date != std::string::npos) text[after_date] = ' ';
  text.pop_back();
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text + "+00";
}

std::uint32_t steps_of(double quantity, int steps_per_unit) {
  if (!std::isfinite(quantity)) return 0;
  return static_cast<std::uint32_t>(std::clamp(std::floor(quantity * steps_per_unit + 0.5), 0.0, kMostSteps));
}

std::uint32_t whole_degree(double heading_deg) {
  if (!std::isfinite(heading_deg)) return 0;
  return static_cast<std::uint32_t>(std::floor(heading_within_circle(heading_deg) + 0.5)) % 360;
}

std::uint32_t pixel_density(int width_px, double fov_deg, bool is_full_circle) {
  const double fov = is_full_circle ? 360 : fov_deg;
  return width_px > 0 && std::isfinite(fov) && fov >= 1 ? steps_of(width_px / fov, 1) : 0;
}

bool is_utf8(std::string_view text) {
  text.remove_prefix(ascii_length(text));
  while (!text.empty()) {
    const auto length = code_point_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string cleaned_text(std::string_view text, std::size_t most_bytes) {
  constexpr std::string_view kReplacement = "\xef\xbf\xbd";
  std::string clean;
  while (!text.empty()) {
    const auto length = code_point_length(text);
    const auto piece = length == 0 ? kReplacement : text.substr(0, length);
    if (clean.size() + piece.size() > most_bytes) break;
    clean += piece;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return clean;
}

}  // namespace cairn::tiler
