#include "services/gateway/panoramax/new_upload_set.hpp"

#include "services/gateway/panoramax/shown.hpp"
#include "services/gateway/panoramax/upload_rules.hpp"

namespace cairn::gateway {

using nlohmann::json;

std::variant<NewUploadSet, Response> new_upload_set(const json& asked, const Request& request, const Context& context) {
  auto made = upload_set_from(asked);
  if (const auto* wrong = std::get_if<RulesProblem>(&made)) return wrong->details.is_null() ? error_response(400, wrong->message) : error_response(400, wrong->message, wrong->details);
  const auto semantics = asked.contains("semantics") ? asked["semantics"] : json();
  auto tags = tag_changes_from(semantics);
  if (const auto* wrong = std::get_if<std::string>(&tags)) return invalid("The upload set can't be made: see details", json::array({problem("semantics", *wrong, semantics)}));
  NewUploadSet wanted{std::get<store::UploadSet>(std::move(made)), std::get<std::vector<TagChange>>(std::move(tags))};
  wanted.set.id = UploadSetId::random();
  wanted.set.account = context.caller->account;
  wanted.set.created_at = context.now;
  wanted.set.user_agent = as_utf8(request.header("user-agent").value_or("").substr(0, 200));
  return wanted;
}

}  // namespace cairn::gateway
