// Who may do what.

#include "services/gateway/accounts/pages.hpp"
#include "services/gateway/context.hpp"
#include "services/gateway/http/addresses.hpp"
#include "services/gateway/http/router.hpp"
#include "services/identity/jwt.hpp"
#include "services/store/accounts.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cairn::gateway {
namespace {

bool has_scope(const std::string& scopes, std::string_view wanted) {
  return (" " + scopes + " ").find(" " + std::string{wanted} + " ") != std::string::npos;
}

Response not_valid(int status, std::string_view why) { return error_response(status, "Token not valid", {{"error", why}}); }

/// The row of a token that was sent: by its hash, or, for one that we signed, by the id in it.
std::variant<store::Token, Response> token_in(std::string_view sent, Context& context) {
  if (sent.starts_with("cairn_")) {
    if (auto token = store::find_token(context.catalogue, sent)) return *token;
    return not_valid(401, "There is no such token");
  }
  const auto id = identity::token_id_of(sent, context.options.token_secret, context.now);
  if (const auto* fault = std::get_if<identity::TokenFault>(&id)) return not_valid(401, identity::sentence_of(*fault));
  if (auto token = store::find_token_by_id(context.catalogue, std::get<std::string>(id))) return *token;
  return not_valid(403, "Token does not exist anymore");
}

Caller caller_with(const store::Account& account, const std::string& scopes) {
  const bool all = has_scope(scopes, "admin");
  return {account.id, all || has_scope(scopes, "read"), all || has_scope(scopes, "upload"), all && account.is_admin, true, all};
}

/// Mapillary's clients call the scheme OAuth.
std::variant<std::optional<Caller>, Response> holder_of(std::string_view header, Context& context) {
  const auto scheme = header.substr(0, header.find(' '));
  if (scheme != "Bearer" && scheme != "OAuth") return not_valid(401, "Only Bearer token are supported");
  const auto found = valid_token(header.substr(std::min(scheme.size() + 1, header.size())), context);
  if (const auto* refusal = std::get_if<Response>(&found)) return *refusal;
  const auto& token = std::get<store::Token>(found);
  return std::optional{caller_with(*store::find_account(context.catalogue, *token.account), token.scopes)};
}

/// Who is logged in with the browser that asks.
std::optional<Caller> visitor_of(const Request& request, Context& context) {
  const auto cookie = session_cookie_of(request);
  if (cookie.empty() || !is_from_our_pages(request, context)) return std::nullopt;
  const auto session = store::find_session(context.catalogue, cookie, context.now);
  const auto account = session ? store::find_account(context.catalogue, session->account) : std::nullopt;
  if (!account || account->erased_at) return std::nullopt;
  return caller_with(*account, "admin");
}

/// "host:port" of "https://host:port/path". Whether a proxy speaks TLS for us makes no difference to who sent a request.
std::string_view authority_of(std::string_view url) {
  const auto begin = url.find("://");
  if (begin == std::string_view::npos) return {};
  url.remove_prefix(begin + 3);
  return url.substr(0, url.find('/'));
}

}  // namespace

bool names_app(std::string_view authorization) { return authorization.starts_with("OAuth MLY|"); }

std::variant<store::Token, Response> valid_token(std::string_view secret, Context& context) {
  auto found = token_in(secret, context);
  const auto* token = std::get_if<store::Token>(&found);
  if (!token) return found;
  if (token->revoked_at) return not_valid(403, "Token does not exist anymore");
  if (token->expires_at && *token->expires_at <= context.now) return not_valid(401, sentence_of(identity::TokenFault::expired));
  if (!token->account) return not_valid(403, "Token not yet claimed, this token cannot be used yet. Either claim this token or generate a new one");
  const auto account = store::find_account(context.catalogue, *token->account);
  if (!account || account->erased_at) return not_valid(403, "Token does not exist anymore");
  store::note_use(context.catalogue, *token, context.now);
  return found;
}

bool needs_token(const GatewayOptions& options) { return options.auth_required || !is_loopback(options.address); }

std::string_view session_cookie_of(const Request& request) {
  constexpr std::string_view kName = "cairn_session=";
  auto cookies = request.header("cookie").value_or("");
  while (!cookies.empty()) {
    const auto end = std::min(cookies.find(';'), cookies.size());
    auto cookie = cookies.substr(0, end);
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    while (cookie.starts_with(' ')) cookie.remove_prefix(1);
    if (cookie.starts_with(kName)) return cookie.substr(kName.size());
  }
  return {};
}

bool is_from_our_pages(const Request& request, const Context& context) {
  const bool only_reads = request.method == Method::get || request.method == Method::head;
  const auto origin = request.header("origin");
  return origin ? authority_of(*origin) == authority_of(context.base_url) : only_reads;
}

std::variant<std::optional<Caller>, Response> caller_of(const Request& request, Context& context) {
  if (const auto header = request.header("authorization"); header && !names_app(*header)) return holder_of(*header, context);
  if (auto caller = visitor_of(request, context)) return caller;
  // A page of another site that somebody here looks at is nobody.
  const bool is_ours = !request.header("origin") || is_from_our_pages(request, context);
  if (needs_token(context.options) || !is_ours) return std::optional<Caller>{};
  return std::optional{Caller{context.local_account, true, true, true, false, true}};
}

std::optional<Response> caller_refused(const Request& request, const Context& context, Needs needs) {
  if (needs == Needs::nobody) return std::nullopt;
  if (!context.caller) {
    const bool is_reader = needs == Needs::read && (request.method == Method::get || request.method == Method::head);
    return is_reader ? to_login_page(request, context) : error_response(401, "Authentication is mandatory");
  }
  const auto& caller = *context.caller;
  if (needs == Needs::admin && !caller.is_admin) return error_response(403, "Only an administrator of this server may do this");
  if (needs == Needs::upload && !caller.may_upload) return error_response(403, "This token may not upload: it lacks the scope 'upload'");
  if (needs == Needs::read && !caller.may_read) return error_response(403, "This token may not read the account: it lacks the scope 'read'");
  return std::nullopt;
}

}  // namespace cairn::gateway
