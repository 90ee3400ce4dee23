// The few questions about people that upload tools ask.

#include "services/gateway/endpoints.hpp"
#include "services/gateway/mapillary/protocol.hpp"
#include "services/store/accounts.hpp"

#include <nlohmann/json.hpp>

namespace cairn::gateway {

Response show_mapillary_me(Request&, Context& context) {
  const auto account = context.caller ? store::find_account(context.catalogue, context.caller->account) : std::nullopt;
  if (!account) return mapillary::error(401, "NotAuthorizedError", "Send a token as 'Authorization: OAuth …'");
  return json_response(200, {{"id", account->id.text()}, {"username", account->name}});
}

/// Tools keep what they get here for good, so it is no session: who logs in gives a token instead of a password, and gets it back.
Response log_in_for_mapillary(Request& request, Context& context) {
  const auto login = mapillary::login_from(request.body);
  const auto token = login ? store::find_token(context.catalogue, login->password) : std::nullopt;
  if (!token || !token->account || token->revoked_at) return mapillary::error(401, "NotAuthorizedError", "Give a token of this server as the password");
  return json_response(200, {{"access_token", login->password}, {"user_id", token->account->text()}});
}

/// What tools report about themselves is not kept.
Response ignore_mapillary_log(Request&, Context&) { return json_response(200, {{"success", true}}); }

}  // namespace cairn::gateway
