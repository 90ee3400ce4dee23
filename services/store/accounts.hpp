#pragma once

#include "core/id.hpp"
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
};

/// The account of that name, made when it is new; its id follows from the name.
Account account_named(Session&, const std::string& name, UtcTime now);
std::optional<Account> find_account(Session&, AccountId id);
std::vector<Account> all_accounts(Session&);

struct Token {
  std::string id;                      ///< UUID
  std::optional<AccountId> account;    ///< none until claimed
  std::string description;
  std::string scopes;                  ///< words apart by spaces: upload read admin
  UtcTime created_at{};
  std::optional<UtcTime> revoked_at;
};

/// Makes a token and gives its secret, which is stored as a hash only and can't be shown again.
std::string make_token(Session&, const AccountId& account, const std::string& description, const std::string& scopes, UtcTime now);
/// The live token with that secret.
std::optional<Token> find_token(Session&, std::string_view secret);

}  // namespace cairn::store
