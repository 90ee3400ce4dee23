// Logging in with a password, and making an account where that is open to everyone.

#include "services/gateway/accounts/pages.hpp"
#include "services/gateway/accounts/passwords.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/markup.hpp"
#include "services/identity/password.hpp"

#include <spdlog/spdlog.h>

namespace cairn::gateway {
namespace {

constexpr std::chrono::hours kSessionTime{14 * 24};

std::string cookie_header(const Context& context, std::string_view value, std::chrono::seconds age) {
  const bool secure = context.base_url.starts_with("https://");
  return "cairn_session=" + std::string{value} + "; Path=/; Max-Age=" + std::to_string(age.count()) + "; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : "");
}

std::string field(const Pairs& form, std::string_view name) { return std::string{value_of(form, name).value_or("")}; }

std::string credential_fields(const std::string& name, const char* completion) {
  return "<label>Name <input name=\"name\" required autocomplete=\"username\" value=\"" + markup_text(name) + "\"></label>" +
         "<label>Password <input name=\"password\" type=\"password\" required autocomplete=\"" + completion + "\"></label>";
}

std::string warning(std::string_view text) { return text.empty() ? "" : "<p class=\"wrong\">" + markup_text(text) + "</p>"; }

Response login_page(const Context& context, int status, std::string_view problem, const std::string& name, const std::string& next) {
  const auto next_field = "<input type=\"hidden\" name=\"next_url\" value=\"" + markup_text(next) + "\">";
  const auto other = context.options.registration_is_open ? "<p><a href=\"/api/auth/register\">Make an account</a></p>" : "";
  return html_page(status, "Log in", warning(problem) + "<form method=\"post\" action=\"/api/auth/login\">" + credential_fields(name, "current-password") +
                                         next_field + "<button>Log in</button></form>" + other);
}

Response registration_page(int status, std::string_view problem, const std::string& name) {
  return html_page(status, "Make an account", warning(problem) + "<form method=\"post\" action=\"/api/auth/register\">" +
                                                  credential_fields(name, "new-password") + "<button>Make it</button></form>");
}

Response welcomed(Context& context, AccountId account, const std::string& next) {
  std::string secret;
  context.catalogue.write([&](store::Session& session) { secret = store::begin_session(session, account, context.now, context.now + kSessionTime); });
  auto response = redirection(303, next);
  response.headers.emplace_back("Set-Cookie", cookie_header(context, secret, kSessionTime));
  return response;
}

/// Nothing when logging in makes sense here; else the answer that says why not.
std::optional<Response> no_login_here(const Context& context) {
  if (needs_token(context.options)) return std::nullopt;
  return error_response(501, "authentication is not activated on this instance");
}

Response foreign_page() { return error_response(403, "This form can be sent from a page of this server only"); }

}  // namespace

Response show_login_page(Request& request, Context& context) {
  if (auto refusal = no_login_here(context)) return std::move(*refusal);
  return login_page(context, 200, "", "", safe_destination(request.query_value("next_url").value_or(""), context));
}

Response log_in(Request& request, Context& context) {
  if (auto refusal = no_login_here(context)) return std::move(*refusal);
  if (!is_from_our_pages(request, context)) return foreign_page();
  const auto form = query_from(request.body).value_or(Pairs{});
  const auto name = field(form, "name");
  const auto next = safe_destination(field(form, "next_url"), context);
  const auto account = store::find_account_named(context.catalogue, name);
  const auto check = check_password(context, account, field(form, "password"));
  if (check == PasswordCheck::right) return welcomed(context, account->id, next);
  if (check == PasswordCheck::too_many_tries) {
    auto response = login_page(context, 429, "Too many wrong passwords: try again in a minute", name, next);
    response.headers.emplace_back("Retry-After", "60");
    return response;
  }
  spdlog::info("a login failed, from {}", request.peer);
  return login_page(context, 401, "Name or password is wrong", name, next);
}

Response log_out(Request& request, Context& context) {
  const auto cookie = session_cookie_of(request);
  if (!cookie.empty()) context.catalogue.write([&](store::Session& session) { store::end_session(session, cookie); });
  Response response{202, "text/html; charset=utf-8", {}, {}};
  response.body = std::string{"Logged out"};
  response.headers.emplace_back("Set-Cookie", cookie_header(context, "", std::chrono::seconds{0}));
  return response;
}

Response show_registration_page(Request&, Context& context) {
  if (!context.options.registration_is_open) return error_response(403, "Accounts of this server are made by its operator");
  return registration_page(200, "", "");
}

Response register_account(Request& request, Context& context) {
  if (!context.options.registration_is_open) return error_response(403, "Accounts of this server are made by its operator");
  if (!is_from_our_pages(request, context)) return foreign_page();
  const auto form = query_from(request.body).value_or(Pairs{});
  const auto name = field(form, "name");
  if (name.empty() || name.size() > 100 || !is_plain_text(name)) return registration_page(400, "The name needs 1 to 100 bytes of plain text", "");
  std::string hash;
  try {
    hash = identity::hash_password(field(form, "password"));
  } catch (const std::invalid_argument& problem) {
    return registration_page(400, problem.what(), name);
  }
  std::optional<AccountId> made;
  context.catalogue.write([&](store::Session& session) {
    if (store::find_account_named(session, name)) return;
    auto account = store::account_named(session, name, context.now);
    account.password = hash;
    store::update_account(session, account);
    made = account.id;
  });
  return made ? welcomed(context, *made, "/api/account") : registration_page(409, "This name is taken", name);
}

}  // namespace cairn::gateway
