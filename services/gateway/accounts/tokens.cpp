// API tokens: made by programs and claimed by their holder in a browser, or made, listed and revoked by an account.

#include "services/gateway/accounts/pages.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/markup.hpp"
#include "services/store/accounts.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

constexpr const char* kClaimedScopes = "upload read";
constexpr int kMostUnclaimed = 10'000;          // anyone can ask for one: a bound on what they fill
constexpr std::chrono::hours kClaimTime{24};
constexpr std::size_t kLongestDescription = 500;

struct Made {
  store::Token token;
  std::string secret;
};

Made made_token(const Context& context, std::optional<AccountId> account, std::string description, std::string scopes) {
  store::Token token{Uuid::random().text(), account, std::move(description), std::move(scopes), context.now, {}, {}, {}};
  auto secret = identity::signed_token(context.options.token_secret, token.id);
  return {std::move(token), std::move(secret)};
}

/// What the caller says about it; nothing when that is no short plain text.
std::optional<std::string> description_in(const Request& request) {
  const auto text = request.query_value("description").value_or("");
  return text.size() <= kLongestDescription && is_plain_text(text) ? std::optional{std::string{text}} : std::nullopt;
}

json token_json(const Context& context, const store::Token& token) {
  json body{{"id", token.id},
            {"description", token.description},
            {"generated_at", stac_time(token.created_at)},
            {"scopes", token.scopes},
            {"links", json::array({link("self", kJson, context.base_url + "/api/users/me/tokens/" + token.id)})}};
  if (token.expires_at) body["expires_at"] = stac_time(*token.expires_at);
  if (token.used_at) body["last_used_at"] = stac_time(*token.used_at);
  return body;
}

/// The token that the path names, when it is the caller's and still lives.
std::optional<store::Token> my_token(const Request& request, Context& context) {
  auto token = store::find_token_by_id(context.catalogue, request.parameter("token"));
  const bool is_mine = token && token->account == context.caller->account && !token->revoked_at;
  return is_mine ? token : std::nullopt;
}

Response no_such_token() { return error_response(404, "Impossible to find token"); }

/// The scopes asked for, each of which the caller must hold; nothing otherwise.
std::optional<std::string> scopes_for(const Request& request, const Caller& caller) {
  const std::string asked{request.query_value("scopes").value_or(kClaimedScopes)};
  for (std::string_view rest = asked; !rest.empty();) {
    const auto word = rest.substr(0, rest.find(' '));
    const bool held = word == "read" ? caller.may_read : word == "upload" ? caller.may_upload : word == "admin" && caller.owns_account;
    if (!held) return std::nullopt;
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  }
  return asked.empty() ? std::nullopt : std::optional{asked};
}

/// Who would claim: somebody logged in with a browser. Nothing when it is somebody; else the answer.
std::optional<Response> nobody_to_claim(const Request& request, const Context& context) {
  if (!needs_token(context.options)) return error_response(403, "Authentication has not been activated in this instance, impossible to log in.");
  if (!context.caller) return to_login_page(request, context);
  if (!context.caller->owns_account) return error_response(403, "Open this address in a browser in which you are logged in");
  return std::nullopt;
}

}  // namespace

Response generate_token(Request& request, Context& context) {
  const auto description = description_in(request);
  if (!description) return error_response(400, "description must be at most 500 bytes of plain text");
  const auto made = made_token(context, std::nullopt, *description, kClaimedScopes);
  bool has_room = false;
  context.catalogue.write([&](store::Session& session) {
    has_room = store::drop_unclaimed_tokens(session, context.now - kClaimTime) < kMostUnclaimed;
    if (has_room) store::insert_token(session, made.token, sha256_of(made.secret));
  });
  if (!has_room) return retry_response(429, "Too many tokens wait for somebody to claim them: try again later", std::chrono::hours{1});
  const auto claim = context.base_url + "/api/auth/tokens/" + made.token.id + "/claim";
  return json_response(200, {{"id", made.token.id},
                             {"description", *description},
                             {"generated_at", stac_time(context.now)},
                             {"jwt_token", made.secret},
                             {"links", json::array({link("claim", kJson, claim)})}});
}

Response show_claim_page(Request& request, Context& context) {
  if (auto refusal = nobody_to_claim(request, context)) return std::move(*refusal);
  const auto token = store::find_token_by_id(context.catalogue, request.parameter("token"));
  if (!token || token->revoked_at) return no_such_token();
  if (token->account) return html_page(200, "This token is in use", "<p>Somebody has claimed it already. The program can go on.</p>");
  const auto what = token->description.empty() ? std::string{"A program"} : "The program “" + markup_text(token->description) + "”";
  return html_page(200, "Let a program upload for you?",
                   "<p>" + what + " asked for a token at " + markup_text(stac_time(token->created_at)) +
                       ". With it, it can upload in your name and see your uploads. Go on only if you started it just now.</p>"
                       "<form method=\"post\" action=\"/api/auth/tokens/" + markup_text(token->id) + "/claim\"><button>Let it</button></form>");
}

Response claim_token(Request& request, Context& context) {
  if (auto refusal = nobody_to_claim(request, context)) return std::move(*refusal);
  if (!store::find_token_by_id(context.catalogue, request.parameter("token"))) return no_such_token();
  bool claimed = false;
  context.catalogue.write([&](store::Session& session) { claimed = store::claim_token(session, request.parameter("token"), context.caller->account); });
  if (!claimed) return error_response(409, "There is no such token that waits for somebody");
  return html_page(200, "Done", "<p>The program can go on; you may close this page. <a href=\"/api/account\">Your account</a> lists all tokens.</p>");
}

Response list_my_tokens(Request&, Context& context) {
  auto tokens = json::array();
  for (const auto& token : store::tokens_of(context.catalogue, context.caller->account)) tokens.push_back(token_json(context, token));
  return json_response(200, tokens);
}

Response create_my_token(Request& request, Context& context) {
  const auto description = description_in(request);
  if (!description) return error_response(400, "description must be at most 500 bytes of plain text");
  const auto scopes = scopes_for(request, *context.caller);
  if (!scopes) return error_response(403, "scopes must be among upload, read and admin, and among those that you have");
  const auto made = made_token(context, context.caller->account, *description, *scopes);
  context.catalogue.write([&](store::Session& session) { store::insert_token(session, made.token, sha256_of(made.secret)); });
  auto body = token_json(context, made.token);
  body["jwt_token"] = made.secret;
  return json_response(200, body);
}

Response show_my_token(Request& request, Context& context) {
  const auto token = my_token(request, context);
  if (!token) return no_such_token();
  auto body = token_json(context, *token);
  // The contract shows it again; it is made from the id and the server's secret, not stored. Only the account itself may see it.
  if (context.caller->owns_account) body["jwt_token"] = identity::signed_token(context.options.token_secret, token->id);
  return json_response(200, body);
}

Response revoke_my_token(Request& request, Context& context) {
  const auto token = my_token(request, context);
  if (!token) return no_such_token();
  context.catalogue.write([&](store::Session& session) { store::revoke_token(session, token->id, context.now); });
  return json_response(200, {{"message", "token revoked"}});
}

}  // namespace cairn::gateway
