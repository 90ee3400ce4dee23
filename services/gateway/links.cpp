#include "services/gateway/links.hpp"

#include "services/gateway/http/http.hpp"

#include <algorithm>
#include <set>

namespace cairn::gateway {
namespace {

/// Date, 'T', time and a zone, as RFC 3339 asks: the laxer forms that devices write are not for queries.
std::optional<UtcTime> strict_time(std::string_view text) {
  const bool zoned = text.size() > 19 && (text.ends_with('Z') || text.ends_with('z') || (text.size() > 24 && text[text.size() - 3] == ':'));
  if (!zoned || (text[10] != 'T' && text[10] != 't')) return std::nullopt;
  std::string upper{text};
  std::ranges::transform(upper, upper.begin(), [](char c) { return c == 't' ? 'T' : c == 'z' ? 'Z' : c; });
  return time_from_iso8601(upper);
}

bool is_open(std::string_view end) { return end.empty() || end == ".."; }

}  // namespace

std::optional<nlohmann::json> json_from_client(std::string_view text) {
  constexpr int kDeepest = 32;
  bool sound = true;
  std::vector<std::set<std::string>> keys;
  const auto watch = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
    using Event = nlohmann::json::parse_event_t;
    sound = sound && depth <= kDeepest;
    if (event == Event::object_start) keys.emplace_back();
    if (event == Event::object_end && !keys.empty()) keys.pop_back();
    if (event == Event::key && !keys.empty()) sound = sound && keys.back().insert(parsed.get<std::string>()).second;
    return sound;
  };
  auto parsed = nlohmann::json::parse(text, watch, false);
  if (!sound || parsed.is_discarded()) return std::nullopt;
  return parsed;
}

std::optional<int> limit_from(std::optional<std::string_view> text, int otherwise, int most) {
  if (!text) return otherwise;
  const auto limit = whole_from(*text);
  if (!limit || *limit < 1) return std::nullopt;
  return static_cast<int>(std::min<std::int64_t>(*limit, most));
}

std::optional<std::vector<double>> round_box_from(std::string_view text) {
  std::vector<double> numbers;
  while (numbers.size() <= 6) {
    const auto end = std::min(text.find(','), text.size());
    const auto number = number_from(text.substr(0, end));
    if (!number) return std::nullopt;
    numbers.push_back(*number);
    if (end == text.size()) break;
    text.remove_prefix(end + 1);
  }
  if (numbers.size() == 6) numbers = {numbers[0], numbers[1], numbers[3], numbers[4]};
  if (numbers.size() != 4) return std::nullopt;
  const bool on_globe = LatLon::from_degrees(numbers[1], numbers[0]) && LatLon::from_degrees(numbers[3], numbers[2]);
  if (!on_globe || numbers[1] > numbers[3]) return std::nullopt;
  return numbers;
}

std::optional<std::vector<double>> box_from(std::string_view text) {
  auto numbers = round_box_from(text);
  return numbers && (*numbers)[0] <= (*numbers)[2] ? numbers : std::nullopt;
}

std::optional<TimeSpan> time_span_from(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    const auto at = strict_time(text);
    return at ? std::optional{TimeSpan{at, at}} : std::nullopt;
  }
  const auto from = text.substr(0, slash);
  const auto to = text.substr(slash + 1);
  TimeSpan span;
  if (!is_open(from) && !(span.after = strict_time(from))) return std::nullopt;
  if (!is_open(to) && !(span.before = strict_time(to))) return std::nullopt;
  if (is_open(from) && is_open(to)) return std::nullopt;
  if (span.after && span.before && *span.after > *span.before) return std::nullopt;
  return span;
}

}  // namespace cairn::gateway
