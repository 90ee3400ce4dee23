#include "services/gateway/panoramax/edit_words.hpp"

#include "services/changes/visibility.hpp"
#include "services/gateway/panoramax/shown.hpp"

namespace cairn::gateway {

using nlohmann::json;

bool is_given(const json& body, const char* name) { return body.contains(name) && !body[name].is_null(); }

std::optional<double> number_at(const json& body, const char* name, double least, double most) {
  if (!is_given(body, name) || !body[name].is_number()) return std::nullopt;
  const double value = body[name].get<double>();
  return value >= least && value <= most ? std::optional{value} : std::nullopt;
}

Words words_in(const json& body) {
  Words words;
  if (is_given(body, "visibility")) {
    const bool sound = body["visibility"].is_string() && changes::is_visibility(body["visibility"]);
    if (sound) words.visibility = body["visibility"].get<std::string>();
    else words.problems.push_back(problem("visibility", "must be one of anyone, logged-only, owner-only", body["visibility"]));
  }
  auto tags = tag_changes_from(body.contains("semantics") ? body["semantics"] : json());
  if (const auto* wrong = std::get_if<std::string>(&tags)) words.problems.push_back(problem("semantics", *wrong, body["semantics"]));
  else words.tags = std::get<std::vector<TagChange>>(std::move(tags));
  return words;
}

}  // namespace cairn::gateway
