#pragma once
// Tags as clients send and read them: [{"key", "value", "action"}].

#include "services/store/tags.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cairn::gateway {

struct TagChange {
  store::Tag tag;
  bool is_removal = false;   ///< "action": "delete"
};

/// Nothing for null or no value; the sentence about what is wrong: a key has at most 256 bytes, a value 4,096, both of plain text,
/// and at most 1,000 come at once.
std::variant<std::vector<TagChange>, std::string> tag_changes_from(const nlohmann::json& value);

void apply(store::Session& session, const std::string& subject, const std::vector<TagChange>& changes);

nlohmann::json semantics_json(const std::vector<store::Tag>& tags);

}  // namespace cairn::gateway
