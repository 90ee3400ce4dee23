#include "services/gateway/panoramax/upload_rules.hpp"

#include "services/gateway/http/http.hpp"
#include "services/gateway/panoramax/edit_words.hpp"
#include "services/gateway/panoramax/shown.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace cairn::gateway {
namespace {

using nlohmann::json;

bool number_within(const json& value, double least, double most) {
  return value.is_number() && value.get<double>() >= least && value.get<double>() <= most;
}
bool one_of(const json& value, std::initializer_list<std::string_view> words) {
  return value.is_string() && std::ranges::find(words, std::string_view{value.get_ref<const std::string&>()}) != words.end();
}

struct Field {
  const char* name;
  bool (*fits)(const json&);
  const char* error;
};

constexpr std::size_t kLongestTitle = 500;

const std::array kRuleFields{
    Field{"sort_method", [](const json& v) { return one_of(v, {"filename-asc", "filename-desc", "time-asc", "time-desc"}); },
          "one of filename-asc, filename-desc, time-asc, time-desc"},
    Field{"no_split", [](const json& v) { return v.is_boolean(); }, "true or false"},
    Field{"split_distance", [](const json& v) { return number_within(v, 0, 1e6); }, "a number of metres from 0 to 1,000,000"},
    Field{"split_time", [](const json& v) { return number_within(v, 0, 1e7); }, "a number of seconds from 0 to 10,000,000"},
    Field{"no_deduplication", [](const json& v) { return v.is_boolean(); }, "true or false"},
    Field{"duplicate_distance", [](const json& v) { return number_within(v, 0, 1e4); }, "a number of metres from 0 to 10,000"},
    Field{"duplicate_rotation", [](const json& v) { return number_within(v, 0, 180); }, "a number of degrees from 0 to 180"},
    Field{"relative_heading", [](const json& v) { return number_within(v, -360, 360); }, "a number of degrees from -360 to 360"},
};

const std::array kOtherFields{
    Field{"title",
          [](const json& v) {
            return v.is_string() && !v.get_ref<const std::string&>().empty() && v.get_ref<const std::string&>().size() <= kLongestTitle &&
                   is_plain_text(v.get_ref<const std::string&>());
          },
          "1 to 500 bytes of plain text"},
    Field{"estimated_nb_files", [](const json& v) { return v.is_number_integer() && number_within(v, 1, 1e6); },
          "a whole number from 1 to 1,000,000"},
    Field{"visibility", [](const json& v) { return one_of(v, {"anyone", "owner-only", "logged-only"}); },
          "one of anyone, owner-only, logged-only"},
    Field{"metadata", [](const json&) { return true; }, ""},
    Field{"user_agent", [](const json& v) { return v.is_string() && is_plain_text(v.get_ref<const std::string&>()); }, "plain text"},
};

template <class Fields>
void check(const Fields& fields, const json& body, json& problems) {
  for (const auto& field : fields) {
    if (is_given(body, field.name) && !field.fits(body[field.name])) problems.push_back(problem(field.name, std::string{"must be "} + field.error, body[field.name]));
  }
}

/// The sentence about rules that shut each other out; empty when none do.
std::string contradiction(const json& body) {
  const auto is_on = [&](const char* name) { return is_given(body, name) && body[name] == true; };
  if (is_on("no_split") && (is_given(body, "split_distance") || is_given(body, "split_time")))
    return "no_split can't go with split_distance or split_time";
  if (is_on("no_deduplication") && (is_given(body, "duplicate_distance") || is_given(body, "duplicate_rotation")))
    return "no_deduplication can't go with duplicate_distance or duplicate_rotation";
  return {};
}

}  // namespace

std::variant<store::UploadSet, RulesProblem> upload_set_from(const json& body) {
  if (!body.is_object()) return RulesProblem{"The upload set must be a JSON object", nullptr};
  json problems = json::array();
  if (!is_given(body, "title")) problems.push_back({{"fields", json::array({"title"})}, {"error", "is missing"}});
  check(kOtherFields, body, problems);
  check(kRuleFields, body, problems);
  if (!problems.empty()) return RulesProblem{"The upload set can't be made: see details", problems};
  if (const auto sentence = contradiction(body); !sentence.empty()) return RulesProblem{sentence, nullptr};

  store::UploadSet set;
  set.title = body["title"];
  if (is_given(body, "estimated_nb_files")) set.estimated_files = body["estimated_nb_files"].get<int>();
  set.visibility = is_given(body, "visibility") ? body["visibility"].get<std::string>() : "anyone";
  set.metadata_json = is_given(body, "metadata") ? body["metadata"].dump(-1, ' ', false, json::error_handler_t::replace) : "null";
  json rules{{"sort_method", "time-asc"}};
  for (const auto& field : kRuleFields) {
    if (is_given(body, field.name)) rules[field.name] = body[field.name];
  }
  set.rules_json = rules.dump();
  return set;
}

std::string changed_rules(const std::string& rules_json, const json& body, json& problems) {
  auto rules = json::parse(rules_json);
  for (const auto& [name, value] : body.items()) {
    if (name == "visibility" || name == "semantics") continue;
    const auto known = std::ranges::find(kRuleFields, std::string_view{name}, [](const Field& field) { return std::string_view{field.name}; });
    if (known == kRuleFields.end()) {
      problems.push_back(problem(name, "can't be changed after the upload set was made", value));
    } else if (!value.is_null()) {
      rules[name] = value;
    }
  }
  check(kRuleFields, body, problems);
  if (const auto sentence = contradiction(rules); !sentence.empty()) problems.push_back(problem("", sentence, body));
  return rules.dump();
}

}  // namespace cairn::gateway
