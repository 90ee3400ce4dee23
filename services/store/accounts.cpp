#include "services/store/accounts.hpp"

#include "services/store/rows.hpp"

#include <chrono>

namespace cairn::store {
namespace {

using soci::use;

Account account_from(const soci::row& row) {
  return {id_of<AccountId>(row, "id"),       text_of_row(row, "name"),
          time_of(row, "created_at"),        text_of_row(row, "role") == "admin",
          maybe_text(row, "password"),       static_cast<int>(int_of(row, "failed_logins")),
          time_of(row, "login_after"),       maybe_time(row, "erased_at")};
}

Token token_from(const soci::row& row) {
  return {text_of_row(row, "id"),
          maybe_id<AccountId>(row, "account_id"),
          text_of_row(row, "description"),
          text_of_row(row, "scopes"),
          time_of(row, "created_at"),
          maybe_time(row, "expires_at"),
          maybe_time(row, "used_at"),
          maybe_time(row, "revoked_at")};
}

std::optional<Account> account_where(Session& session, const char* column, const std::string& value) {
  return first_from((session.sql().prepare << "select * from accounts where " + std::string{column} + " = :value", use(value, "value")), account_from);
}

std::optional<Token> token_where(Session& session, const char* column, const std::string& value) {
  return first_from((session.sql().prepare << "select * from tokens where " + std::string{column} + " = :value", use(value, "value")), token_from);
}

/// 244 random bits from the system's generator.
std::string random_secret() { return sha256_of(Uuid::random().text() + Uuid::random().text()).hex(); }

}  // namespace

Account account_named(Session& session, const std::string& name, UtcTime now) {
  if (auto known = find_account_named(session, name)) return *known;
  Account account{AccountId::derived_from({"account", name}), name, now, false, {}, 0, {}, {}};
  if (find_account(session, account.id)) account.id = AccountId::random();  // the name's first holder was erased
  const auto id = account.id.text();
  const long long at = micros_of(now);
  session.sql() << "insert into accounts(id, name, created_at) values (:id, :name, :at) on conflict do nothing", use(id, "id"), use(name, "name"),
      use(at, "at");
  return *find_account_named(session, name);
}

std::optional<Account> find_account_named(Session& session, const std::string& name) { return account_where(session, "name", name); }
std::optional<Account> find_account(Session& session, AccountId id) { return account_where(session, "id", id.text()); }

std::vector<Account> all_accounts(Session& session) {
  return all_from((session.sql().prepare << "select * from accounts order by id"), account_from);
}

std::vector<Account> list_accounts(Session& session, const AccountPage& page) {
  const auto behind = page.behind ? page.behind->text() : std::string{};
  std::string part = "%";
  for (const char c : page.name_part) part += std::string_view{"%_!"}.find(c) == std::string_view::npos ? std::string{c} : std::string{'!', c};
  part += '%';
  return all_from((session.sql().prepare << "select * from accounts where erased_at is null and id > :behind and lower(name) like :part escape '!' order by id limit " +
                                                std::to_string(page.limit), use(behind, "behind"), use(part, "part")), account_from);
}

void update_account(Session& session, const Account& account) {
  const auto id = account.id.text();
  const std::string role = account.is_admin ? "admin" : "user";
  const auto password = bound(account.password);
  const long long after = micros_of(account.login_after);
  session.sql() << "update accounts set role = :role, password = :password, failed_logins = :failed, login_after = :after where id = :id",
      use(role, "role"), use(password.value, password.indicator, "password"), use(account.failed_logins, "failed"), use(after, "after"), use(id, "id");
}

std::string make_token(Session& session, const AccountId& account, const std::string& description, const std::string& scopes, UtcTime now,
                       std::optional<UtcTime> expires_at) {
  const auto secret = "cairn_" + random_secret();
  insert_token(session, {Uuid::random().text(), account, description, scopes, now, expires_at, {}, {}}, sha256_of(secret));
  return secret;
}

void insert_token(Session& session, const Token& token, const Sha256& secret_hash) {
  const auto owner = bound(token.account);
  const auto hash = secret_hash.hex();
  const long long at = micros_of(token.created_at);
  const auto expires = bound(token.expires_at);
  session.sql() << "insert into tokens(id, account_id, secret_hash, description, scopes, created_at, expires_at) "
                   "values (:id, :account, :hash, :description, :scopes, :at, :expires)",
      use(token.id, "id"), use(owner.value, owner.indicator, "account"), use(hash, "hash"), use(token.description, "description"),
      use(token.scopes, "scopes"), use(at, "at"), use(expires.value, expires.indicator, "expires");
}

std::optional<Token> find_token(Session& session, std::string_view secret) { return token_where(session, "secret_hash", sha256_of(secret).hex()); }
std::optional<Token> find_token_by_id(Session& session, const std::string& id) { return token_where(session, "id", id); }

std::vector<Token> tokens_of(Session& session, AccountId account) {
  const auto id = account.text();
  return all_from((session.sql().prepare << "select * from tokens where account_id = :id and revoked_at is null order by created_at, id", use(id, "id")), token_from);
}

bool claim_token(Session& session, const std::string& id, AccountId account) {
  const auto token = find_token_by_id(session, id);
  if (!token || token->account || token->revoked_at) return false;
  const auto owner = account.text();
  session.sql() << "update tokens set account_id = :account where id = :id and account_id is null", use(owner, "account"), use(id, "id");
  return true;
}

void revoke_token(Session& session, const std::string& id, UtcTime now) {
  const long long at = micros_of(now);
  session.sql() << "update tokens set revoked_at = :at where id = :id and revoked_at is null", use(at, "at"), use(id, "id");
}

void note_use(Session& session, const Token& token, UtcTime now) {
  const UtcTime hour = std::chrono::floor<std::chrono::hours>(now);
  if (token.used_at && *token.used_at >= hour) return;
  const long long at = micros_of(hour);
  session.write([&](Session& writer) {
    writer.sql() << "update tokens set used_at = :at where id = :id", use(at, "at"), use(token.id, "id");
  });
}

int drop_unclaimed_tokens(Session& session, UtcTime made_before) {
  const long long before = micros_of(made_before);
  session.sql() << "delete from tokens where account_id is null and created_at < :before", use(before, "before");
  int left = 0;
  session.sql() << "select count(*) from tokens where account_id is null", soci::into(left);
  return left;
}

std::string begin_session(Session& session, AccountId account, UtcTime now, UtcTime expires_at) {
  const auto secret = random_secret();
  const auto hash = sha256_of(secret).hex();
  const auto owner = account.text();
  const long long at = micros_of(now);
  const long long until = micros_of(expires_at);
  session.sql() << "delete from sessions where expires_at < :at", use(at, "at");
  session.sql() << "insert into sessions(id_hash, account_id, created_at, expires_at) values (:hash, :account, :at, :until)", use(hash, "hash"),
      use(owner, "account"), use(at, "at"), use(until, "until");
  return secret;
}

std::optional<BrowserSession> find_session(Session& session, std::string_view secret, UtcTime now) {
  const auto hash = sha256_of(secret).hex();
  const long long at = micros_of(now);
  return first_from((session.sql().prepare << "select * from sessions where id_hash = :hash and expires_at > :at", use(hash, "hash"), use(at, "at")),
                    [](const auto& row) { return BrowserSession{id_of<AccountId>(row, "account_id"), time_of(row, "created_at"), time_of(row, "expires_at")}; });
}

void end_session(Session& session, std::string_view secret) {
  const auto hash = sha256_of(secret).hex();
  session.sql() << "delete from sessions where id_hash = :hash", use(hash, "hash");
}

void end_sessions_of(Session& session, AccountId account) {
  const auto id = account.text();
  session.sql() << "delete from sessions where account_id = :id", use(id, "id");
}

}  // namespace cairn::store
