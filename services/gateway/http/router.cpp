#include "services/gateway/http/router.hpp"

#include <algorithm>

namespace cairn::gateway {
namespace {

bool is_parameter(std::string_view segment) { return segment.starts_with('{'); }

std::vector<std::string_view> segments_of(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return segments;
}

/// Nothing unless every segment decodes to a name that can't climb out of its place.
std::optional<std::vector<std::string>> decoded(const std::vector<std::string_view>& segments) {
  std::vector<std::string> names;
  for (const auto segment : segments) {
    auto name = percent_decoded(segment, false);
    if (!name || *name == "." || *name == ".." || name->find_first_of("/\\") != std::string::npos) return std::nullopt;
    names.push_back(std::move(*name));
  }
  return names;
}

bool fits(const std::vector<std::string_view>& pattern, const std::vector<std::string>& names) {
  return std::ranges::equal(pattern, names, [](std::string_view segment, const std::string& name) {
    return is_parameter(segment) ? !name.empty() : segment == name;
  });
}

Pairs parameters_of(const std::vector<std::string_view>& pattern, const std::vector<std::string>& names) {
  Pairs parameters;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_parameter(pattern[i])) parameters.emplace_back(pattern[i].substr(1, pattern[i].size() - 2), names[i]);
  }
  return parameters;
}

bool serves(Method offered, Method asked) { return offered == asked || (asked == Method::head && offered == Method::get); }

}  // namespace

Router::Router(std::vector<Route> routes) {
  for (const auto& route : routes) entries_.push_back({route, segments_of(route.pattern)});
  std::ranges::stable_sort(entries_, {}, [](const Entry& entry) { return std::ranges::count_if(entry.segments, is_parameter); });
}

std::variant<Match, NoSuchPath, OtherMethods, BadPath> Router::find(Method method, std::string_view path) const {
  const auto names = decoded(segments_of(path));
  if (!names) return BadPath{};
  std::string allow;
  for (const auto& [route, segments] : entries_) {
    if (!fits(segments, *names)) continue;
    if (serves(route.method, method)) return Match{&route, parameters_of(segments, *names)};
    allow += (allow.empty() ? "" : ", ") + std::string{name_of(route.method)};
    if (route.method == Method::get) allow += ", HEAD";
  }
  if (allow.empty()) return NoSuchPath{};
  return OtherMethods{allow};
}

}  // namespace cairn::gateway
