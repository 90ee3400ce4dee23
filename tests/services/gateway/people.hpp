#pragma once
// People with accounts, logins and tokens.

#include "services/identity/password.hpp"
#include "services/store/accounts.hpp"
#include "tests/services/gateway/served.hpp"

namespace cairn::testing {

inline const std::string kForm = "application/x-www-form-urlencoded";
inline const std::string kOurOrigin = "Origin: http://cairn.test\r\n";

inline gateway::GatewayOptions where_tokens_are_needed() {
  gateway::GatewayOptions options;
  options.auth_required = true;
  return options;
}

inline AccountId add_person(const Served& served, const std::string& name, bool is_admin = false) {
  AccountId id;
  served.session().write([&](store::Session& session) {
    auto account = store::account_named(session, name, kNow);
    account.is_admin = is_admin;
    account.password = identity::hash_password("correct horse " + name);
    store::update_account(session, account);
    id = account.id;
  });
  return id;
}

/// The header of a browser in which a person is logged in; makes the person when there is none.
inline std::string logged_in(const Served& served, const std::string& name, bool is_admin = false) {
  const auto id = add_person(served, name, is_admin);
  std::string secret;
  served.session().write([&](store::Session& session) { secret = store::begin_session(session, id, kNow, kNow + std::chrono::hours{1}); });
  return "Cookie: cairn_session=" + secret + "\r\n";
}

/// The header of a person's token with these scopes.
inline std::string bearer_of(const Served& served, const std::string& name, const std::string& scopes, std::optional<UtcTime> expires_at = {}) {
  std::string secret;
  served.session().write([&](store::Session& session) {
    secret = store::make_token(session, store::account_named(session, name, kNow).id, "", scopes, kNow, expires_at);
  });
  return "Authorization: Bearer " + secret + "\r\n";
}

inline Answer remove(const HttpClient& client, const std::string& path, const std::string& headers) {
  return client.send("DELETE " + path + " HTTP/1.1\r\nHost: cairn.test\r\nConnection: close\r\nContent-Length: 0\r\n" + headers + "\r\n");
}

}  // namespace cairn::testing
