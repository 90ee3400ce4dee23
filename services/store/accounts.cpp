#include "services/store/accounts.hpp"

#include "core/sha256.hpp"
#include "services/store/rows.hpp"

namespace cairn::store {
namespace {

using soci::use;

Account account_from(const soci::row& row) {
  return {id_of<AccountId>(row, "id"), text_of_row(row, "name"), time_of(row, "created_at")};
}

}  // namespace

Account account_named(Session& session, const std::string& name, UtcTime now) {
  const Account account{AccountId::derived_from({"account", name}), name, now};
  const auto id = account.id.text();
  const long long at = micros_of(now);
  session.sql() << "insert into accounts(id, name, created_at) values (:id, :name, :at) on conflict (id) do nothing",
      use(id, "id"), use(name, "name"), use(at, "at");
  return *find_account(session, account.id);
}

std::optional<Account> find_account(Session& session, AccountId id) {
  const auto text = id.text();
  soci::rowset<soci::row> rows = (session.sql().prepare << "select * from accounts where id = :id", use(text, "id"));
  for (const auto& row : rows) return account_from(row);
  return std::nullopt;
}

std::vector<Account> all_accounts(Session& session) {
  std::vector<Account> accounts;
  soci::rowset<soci::row> rows = (session.sql().prepare << "select * from accounts order by id");
  for (const auto& row : rows) accounts.push_back(account_from(row));
  return accounts;
}

std::string make_token(Session& session, const AccountId& account, const std::string& description, const std::string& scopes,
                       UtcTime now) {
  // Two random UUIDs hold 244 bits from the system's generator.
  const auto secret = "cairn_" + sha256_of(Uuid::random().text() + Uuid::random().text()).hex();
  const auto id = Uuid::random().text();
  const auto owner = account.text();
  const auto hash = sha256_of(secret).hex();
  const long long at = micros_of(now);
  session.sql() << "insert into tokens(id, account_id, secret_hash, description, scopes, created_at) "
                   "values (:id, :account, :hash, :description, :scopes, :at)",
      use(id, "id"), use(owner, "account"), use(hash, "hash"), use(description, "description"), use(scopes, "scopes"), use(at, "at");
  return secret;
}

std::optional<Token> find_token(Session& session, std::string_view secret) {
  const auto hash = sha256_of(secret).hex();
  soci::rowset<soci::row> rows =
      (session.sql().prepare << "select * from tokens where secret_hash = :hash and revoked_at is null", use(hash, "hash"));
  for (const auto& row : rows) {
    return Token{text_of_row(row, "id"),     maybe_id<AccountId>(row, "account_id"), text_of_row(row, "description"),
                 text_of_row(row, "scopes"), time_of(row, "created_at"),             maybe_time(row, "revoked_at")};
  }
  return std::nullopt;
}

}  // namespace cairn::store
