#pragma once
// Accounts, their API tokens and the sessions of their browsers.

#include "core/id.hpp"
#include "core/sha256.hpp"
#include "core/time.hpp"
#include "services/store/database.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::store {

struct Account {
  AccountId id;
  std::string name;
  UtcTime created_at{};
  bool is_admin = false;
  std::optional<std::string> password;   ///< its hash (services/identity/password.hpp); none: no login with one
  int failed_logins = 0;                 ///< in a row
  UtcTime login_after{};                 ///< the next try is not looked at before
  std::optional<UtcTime> erased_at;
};

/// Owns everything on a server that asks for no tokens.
inline constexpr std::string_view kLocalAccount = "local";

/// The account of that name, made when it is new; its id follows from the name.
Account account_named(Session&, const std::string& name, UtcTime now);
/// By its name, as typed; nothing when there is none.
std::optional<Account> find_account_named(Session&, const std::string& name);
std::optional<Account> find_account(Session&, AccountId id);
std::vector<Account> all_accounts(Session&);
struct AccountPage {
  std::optional<AccountId> behind;       ///< the page begins behind this one
  std::string name_part;                 ///< in lower case (A-Z); those whose name holds it. Empty: all
  int limit = 1000;
};
/// Those that were not erased, by id.
std::vector<Account> list_accounts(Session&, const AccountPage&);
/// Writes role, password and what is known about failed logins.
void update_account(Session&, const Account&);

struct Token {
  std::string id;                        ///< UUID
  std::optional<AccountId> account;      ///< none until claimed
  std::string description;
  std::string scopes;                    ///< words apart by spaces: upload read admin
  UtcTime created_at{};
  std::optional<UtcTime> expires_at;
  std::optional<UtcTime> used_at;        ///< to the hour
  std::optional<UtcTime> revoked_at;
};

/// Makes a token and gives its secret, which is stored as a hash only and can't be shown again.
std::string make_token(Session&, const AccountId& account, const std::string& description, const std::string& scopes, UtcTime now,
                       std::optional<UtcTime> expires_at = {});
/// A token whose secret is made elsewhere.
void insert_token(Session&, const Token&, const Sha256& secret_hash);
/// The token with that secret, whether or not it may still be used.
std::optional<Token> find_token(Session&, std::string_view secret);
std::optional<Token> find_token_by_id(Session&, const std::string& id);
/// Of an account, oldest first; revoked ones left out.
std::vector<Token> tokens_of(Session&, AccountId account);
/// False when somebody has it already.
bool claim_token(Session&, const std::string& id, AccountId account);
void revoke_token(Session&, const std::string& id, UtcTime now);
/// Remembers the hour in which a token was used; writes only when that is a new one.
void note_use(Session&, const Token&, UtcTime now);
/// Takes away tokens that nobody claimed before that time; gives how many unclaimed ones are left.
int drop_unclaimed_tokens(Session&, UtcTime made_before);

struct BrowserSession {
  AccountId account;
  UtcTime created_at{};
  UtcTime expires_at{};
};
/// Begins a session and gives the secret for its cookie.
std::string begin_session(Session&, AccountId account, UtcTime now, UtcTime expires_at);
/// The session with that secret, unless it has ended.
std::optional<BrowserSession> find_session(Session&, std::string_view secret, UtcTime now);
void end_session(Session&, std::string_view secret);
/// Ends all sessions of an account: after a new password.
void end_sessions_of(Session&, AccountId account);

}  // namespace cairn::store
