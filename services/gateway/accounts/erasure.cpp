// DELETE /api/users/me: everything of an account goes (docs/privacy.md).

#include "services/changes/erase.hpp"
#include "services/gateway/accounts/passwords.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"

#include <spdlog/spdlog.h>

namespace cairn::gateway {
namespace {

using nlohmann::json;

std::string text_in(const json& body, const char* name) {
  const auto value = body.value(name, json{});
  return value.is_string() ? value.get<std::string>() : std::string{};
}

/// What speaks against an erasure. A token that may do all that the account may stands for its password; a cookie doesn't: a
/// browser is left open more easily.
std::optional<Response> not_confirmed(const Request& request, Context& context, const store::Account& account, const json& body) {
  if (text_in(body, "name") != account.name) return error_response(400, "This takes away everything that you sent, for good. To go on, send the name of your account as {\"name\": …}");
  if (context.caller->owns_account && request.header("authorization")) return std::nullopt;
  switch (check_password(context, account, text_in(body, "password"))) {
    case PasswordCheck::right: return std::nullopt;
    case PasswordCheck::wrong: return error_response(403, "Send your password, too: {\"name\": …, \"password\": …}; or use a token with the scope 'admin'");
    case PasswordCheck::too_many_tries: break;
  }
  return retry_response(429, "Too many wrong passwords: try again in a minute", std::chrono::minutes{1});
}

}  // namespace

Response erase_me(Request& request, Context& context) {
  if (!context.caller->has_token) return error_response(400, "This server asks for no tokens, so nobody is you: `cairn account erase local` takes away all that came without one");
  const auto account = store::find_account(context.catalogue, context.caller->account);
  if (!account) return error_response(404, "The account is gone");
  const auto body = json_from_client(request.body).value_or(json::object());
  if (auto refusal = not_confirmed(request, context, *account, body.is_object() ? body : json::object())) return *std::move(refusal);
  changes::erase_account(context.catalogue, account->id, context.now);
  spdlog::info("account {} was erased", account->id.text());
  return Response{204, "", {}, {}};
}

}  // namespace cairn::gateway
