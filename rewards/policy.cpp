#include "rewards/policy.hpp"

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <stdexcept>

namespace cairn::rewards {
namespace {


/// Left by the first value that can't be used; becomes a PolicyProblem at the door.
struct Unusable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void require_keys(const YAML::Node& node, const std::string& where, std::initializer_list<std::string_view> known) {
  if (!node.IsMap()) throw Unusable{where + " must be a mapping with the keys that configs/rewards/default.yaml shows"};
  for (const auto& entry : node) {
    const auto key = entry.first.Scalar();
    if (std::ranges::find(known, key) == known.end()) throw Unusable{"unknown key '" + key + "' in " + where};
  }
  for (const auto key : known) {
    std::size_t times = 0;
    for (const auto& entry : node) times += entry.first.Scalar() == key;
    if (times != 1) throw Unusable{"the key '" + std::string{key} + "' must stand once in " + where};
  }
}

/// Decimal digits only: no sign, no exponent, no fraction.
std::int64_t whole(const YAML::Node& node, const char* key, std::int64_t low, std::int64_t high) {
  const auto& text = node[key].Scalar();
  std::int64_t value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high) {
    throw Unusable{std::string{key} + " is '" + text + "'; it must be a whole number from " + std::to_string(low) + " to " +
                   std::to_string(high)};
  }
  return value;
}

std::string version_name(const YAML::Node& node) {
  const auto text = node["version"].Scalar();
  if (!is_name(text)) {
    throw Unusable{"version is '" + text.substr(0, 64) + "'; it must be 1-64 letters, digits, '.', '_' or '-'"};
  }
  return text;
}

Policy read(const YAML::Node& root) {
  require_keys(root, "the policy", {"version", "formula", "pools", "need_horizon_hours", "pass_minutes", "cell_level", "caps"});
  require_keys(root["pools"], "pools", {"coverage"});
  require_keys(root["caps"], "caps", {"contributor_day_units", "cell_day_units"});
  if (root["formula"].Scalar() != kFormula) {
    throw Unusable{"formula is '" + root["formula"].Scalar() + "'; this program knows '" + std::string{kFormula} + "'"};
  }
  constexpr std::int64_t most_units = 1'000'000'000;
  Policy policy;
  policy.version = version_name(root);
  policy.coverage_pool = whole(root["pools"], "coverage", 0, std::numeric_limits<Amount>::max());
  policy.need_horizon = std::chrono::hours{whole(root, "need_horizon_hours", 1, 24 * 366 * 10)};
  policy.pass = std::chrono::minutes{whole(root, "pass_minutes", 0, 24 * 60)};
  policy.cell_level = static_cast<int>(whole(root, "cell_level", 10, 24));
  policy.contributor_day_units = whole(root["caps"], "contributor_day_units", 1, most_units);
  policy.cell_day_units = whole(root["caps"], "cell_day_units", 1, most_units);
  return policy;
}

}  // namespace

bool is_name(std::string_view text) {
  static constexpr std::string_view marks = "._-";
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || marks.find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, allowed);
}

std::variant<Policy, PolicyProblem> policy_from_yaml(std::string_view text) {
  try {
    return read(YAML::Load(std::string{text}));
  } catch (const Unusable& problem) {
    return PolicyProblem{problem.what()};
  } catch (const YAML::Exception& problem) {
    return PolicyProblem{std::string{"the policy is not readable as YAML: "} + problem.what()};
  }
}

std::string policy_json(const Policy& policy) {
  const nlohmann::json json{
      {"version", policy.version},
      {"formula", kFormula},
      {"pools", {{"coverage", std::to_string(policy.coverage_pool)}}},  // text: JavaScript's numbers end at 2^53
      {"need_horizon_hours", policy.need_horizon.count()},
      {"pass_minutes", policy.pass.count()},
      {"cell_level", policy.cell_level},
      {"caps", {{"contributor_day_units", policy.contributor_day_units}, {"cell_day_units", policy.cell_day_units}}}};
  return json.dump(2) + "\n";
}

}  // namespace cairn::rewards
