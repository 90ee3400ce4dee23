#include "core/time.hpp"

#include <array>
#include <cstdio>

namespace cairn {
namespace {

using std::chrono::microseconds;

/// Takes whole decimal numbers of fixed width off the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_{text} {}

  std::optional<int> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (const char digit : rest_.substr(0, count)) {
      if (digit < '0' || digit > '9') return std::nullopt;
      value = value * 10 + (digit - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  bool take(std::string_view one_of) {
    for (const char letter : one_of) {   // faster than find, which calls the library for each
      if (rest_.empty() || rest_.front() != letter) continue;
      rest_.remove_prefix(1);
      return true;
    }
    return false;
  }

  /// Decimals after the point, to the microsecond; finer ones are dropped.
  microseconds fraction() {
    std::int64_t value = 0;
    std::int64_t place = 100'000;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      value += (rest_.front() - '0') * place;
      place /= 10;
      rest_.remove_prefix(1);
    }
    return microseconds{value};
  }

  bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<microseconds> offset_from(Reader& reader) {
  if (reader.empty() || reader.take("Zz")) return microseconds{0};
  const bool east = reader.take("+");
  if (!east && !reader.take("-")) return std::nullopt;
  const auto hours = reader.digits(2);
  reader.take(":");
  const auto minutes = reader.empty() ? std::optional<int>{0} : reader.digits(2);
  if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
  const std::chrono::minutes offset{*hours * 60 + *minutes};
  return east ? microseconds{offset} : -microseconds{offset};
}

}  // namespace

std::string to_iso8601(UtcTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text.data();
}

std::optional<UtcTime> time_from_iso8601(std::string_view text) {
  Reader reader{text};
  const auto year = reader.digits(4);
  if (!year || !reader.take("-")) return std::nullopt;
  const auto month = reader.digits(2);
  if (!month || !reader.take("-")) return std::nullopt;
  const auto day = reader.digits(2);
  if (!day || !reader.take("Tt ")) return std::nullopt;
  const auto hour = reader.digits(2);
  if (!hour || !reader.take(":")) return std::nullopt;
  const auto minute = reader.digits(2);
  if (!minute) return std::nullopt;
  const auto second = reader.take(":") ? reader.digits(2) : std::optional<int>{0};
  if (!second) return std::nullopt;
  const auto fraction = reader.take(".,") ? reader.fraction() : microseconds{0};
  const auto offset = offset_from(reader);
  if (!offset || !reader.empty()) return std::nullopt;

  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return UtcTime{std::chrono::sys_days{date}} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second} + fraction - *offset;
}

}  // namespace cairn
