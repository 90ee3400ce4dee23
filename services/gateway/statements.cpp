// Closed epochs and what each contributor was owed, read from the published bundles.

#include "rewards/keccak.hpp"
#include "rewards/statement.hpp"
#include "services/gateway/closed_epochs.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

Response no_such_epoch() { return error_response(404, "There is no closed epoch of this name: /api/rewards/epochs lists them"); }

std::string epoch_url(const Context& context, const std::string& epoch) {
  return context.base_url + "/api/rewards/epochs/" + percent_encoded(epoch);
}

/// An account id or the address under which it stands in a bundle.
std::optional<rewards::Address> address_from(std::string_view text) {
  if (const auto account = AccountId::parse(text)) return rewards::pseudonym_of(*account);
  return rewards::Address::parse(text);
}

}  // namespace

Response list_epochs(Request&, Context& context) {
  auto epochs = json::array();
  for (const auto& name : context.epochs.names()) {
    epochs.push_back({{"epoch", name}, {"links", json::array({link("self", kJson, epoch_url(context, name))})}});
  }
  return json_response(200, {{"epochs", epochs}});
}

Response show_epoch(Request& request, Context& context) {
  const auto result = context.epochs.find(request.parameter("epoch"));
  if (!result) return no_such_epoch();
  Response response{200, std::string{kJson}, {}, {}};
  response.body = rewards::summary_json(*result);
  return response;
}

Response show_statement(Request& request, Context& context) {
  const auto address = address_from(request.parameter("account"));
  if (!address) return error_response(400, "The account must be an account id or an address of a bundle");
  const auto epochs = context.epochs.names();
  const auto name = request.query_value("epoch").value_or(epochs.empty() ? "" : epochs.back());
  const auto result = context.epochs.find(std::string{name});
  if (!result) return no_such_epoch();
  const auto picture = [&](FrameId frame) { return context.base_url + "/api/pictures/" + frame.text(); };
  Response response{200, std::string{kJson}, {}, {}};
  response.body = rewards::statement_json(*result, *address, {}, picture);
  return response;
}

}  // namespace cairn::gateway
