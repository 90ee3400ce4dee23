#include "services/gateway/panoramax/semantics.hpp"

#include "services/gateway/http/http.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

constexpr std::size_t kMostChanges = 1000;
constexpr std::size_t kLongestKey = 256;
constexpr std::size_t kLongestValue = 4096;

bool is_short_text(const json& value, std::size_t most) {
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  return !text.empty() && text.size() <= most && is_plain_text(text);
}

}  // namespace

std::variant<std::vector<TagChange>, std::string> tag_changes_from(const json& value) {
  std::vector<TagChange> changes;
  if (value.is_null()) return changes;
  if (!value.is_array() || value.size() > kMostChanges) return "must be a list of at most 1000 tags";
  for (const auto& tag : value) {
    const bool sound = tag.is_object() && tag.contains("key") && tag.contains("value") && is_short_text(tag["key"], kLongestKey) && is_short_text(tag["value"], kLongestValue);
    if (!sound) return "must be tags with a key of at most 256 and a value of at most 4096 bytes of plain text";
    const auto action = tag.contains("action") ? tag["action"] : json("add");
    if (action != "add" && action != "delete") return "the action of a tag must be add or delete";
    changes.push_back({{tag["key"], tag["value"]}, action == "delete"});
  }
  return changes;
}

void apply(store::Session& session, const std::string& subject, const std::vector<TagChange>& changes) {
  for (const auto& [tag, is_removal] : changes) {
    if (is_removal) {
      store::remove_tag(session, subject, tag);
    } else {
      store::add_tag(session, subject, tag);
    }
  }
}

json semantics_json(const std::vector<store::Tag>& tags) {
  auto list = json::array();
  for (const auto& tag : tags) list.push_back({{"key", tag.key}, {"value", tag.value}});
  return list;
}

}  // namespace cairn::gateway
