#pragma once
// The body of POST /api/upload_sets -> an upload set, or everything that is wrong with it.

#include "services/store/uploads.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <variant>

namespace cairn::gateway {

struct RulesProblem {
  std::string message;
  nlohmann::json details;   ///< [{"fields", "error", "input"}]; null when the message says all
};

/// Title, expected number of files, visibility and the rules by which frames become sequences. Unknown fields are ignored, as
/// clients of several versions send them. Ids, account and times are left to the caller.
std::variant<store::UploadSet, RulesProblem> upload_set_from(const nlohmann::json& body);

/// The rules of a set with the changes of a PATCH; everything wrong is added to `problems`, unknown fields too. Visibility and
/// semantics are left to the caller.
std::string changed_rules(const std::string& rules_json, const nlohmann::json& body, nlohmann::json& problems);

}  // namespace cairn::gateway
