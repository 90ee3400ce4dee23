#pragma once

#include "rewards/amount.hpp"
#include "rewards/cell.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

namespace cairn::rewards {

inline constexpr std::string_view kFormula = "coverage-1";  ///< the one that this program knows

/// What an operator decides about rewards. Every epoch's bundle carries the policy it was closed under.
struct Policy {
  std::string version;                                 ///< the operator's own name of this policy, e.g. "2026-05"
  Amount coverage_pool = 0;                            ///< issued to the coverage pool per epoch, in the smallest unit
  std::chrono::hours need_horizon{7 * 24};             ///< a cell unseen this long is fully needed again
  std::chrono::minutes pass{60};                       ///< frames of one contributor and cell this close are one pass
  int cell_level = kRoadCellLevel;                     ///< of S2
  std::int64_t contributor_day_units = 50'000;         ///< full units that one contributor can earn in a day (UTC)
  std::int64_t cell_day_units = 8;                     ///< full units that one cell and octant can give in a day (UTC)

  friend bool operator==(const Policy&, const Policy&) = default;
};

/// Why a policy text can't be used: a sentence with the key, its value and what is allowed.
struct PolicyProblem {
  std::string sentence;
};

/// Reads YAML (or JSON, which is YAML). Unknown keys, missing keys, and values out of range are refused.
std::variant<Policy, PolicyProblem> policy_from_yaml(std::string_view text);

/// The canonical form: JSON with sorted keys, two spaces, a final newline. Reads back as the same policy.
std::string policy_json(const Policy& policy);

/// Whether a text can name a policy or an epoch: 1-64 letters, digits, '.', '_' or '-'.
bool is_name(std::string_view text);

}  // namespace cairn::rewards
