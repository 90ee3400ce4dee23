#include "services/store/database.hpp"

#include "core/without_password.hpp"
#include "services/store/migrations.hpp"
#include "services/store/statement_cache.hpp"
#include "services/store/turnstile.hpp"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <optional>
#include <stdexcept>
#include <system_error>
#include <string_view>

namespace cairn::store {
namespace {

constexpr std::string_view kSqlitePrefix = "sqlite://";
constexpr std::string_view kPostgresPrefix = "postgresql://";

/// One writer at a time, as on SQLite: transactions read what they then change. The number is any, but the same for all of us.
constexpr const char* kPostgresTurn = "select pg_advisory_xact_lock(4848071)";

std::filesystem::path sqlite_file_of(const std::string& url) { return url.substr(kSqlitePrefix.size()); }

/// SOCI takes an address without "=" for the name of a database; a server that doesn't answer must not hold us for minutes.
std::string postgres_address(const std::string& url) {
  return url + (url.find('?') == std::string::npos ? "?" : "&") + "connect_timeout=10";
}

void prepare_sqlite(soci::session& sql) {
  // FULL: a commit is on the disk when it returns (law 1). WAL: readers never wait for writers.
  sql << "PRAGMA journal_mode=WAL";
  sql << "PRAGMA synchronous=FULL";
  sql << "PRAGMA foreign_keys=ON";
  sql << "PRAGMA busy_timeout=10000";
  sql << "PRAGMA wal_autocheckpoint=4000";  // pages, 16 MB: most of what a commit writes is written again by the next ones
  sql << "PRAGMA cache_size=-4000";  // kB; a process has ten connections, and what falls out is still in the system's cache
}

}  // namespace

struct Session::State {
  soci::session sql;
  std::optional<Turnstile> turnstile;
};

Session::Session(const DatabaseUrl& url) : state_{std::make_unique<State>()} {
  try {
    if (url.text.starts_with(kSqlitePrefix)) {
      const auto file = sqlite_file_of(url.text);
      std::filesystem::create_directories(file.parent_path());
      state_->turnstile.emplace(file);
      state_->sql.open(sqlite_with_kept_statements(), "dbname=\"" + file.string() + "\" timeout=10");
      prepare_sqlite(state_->sql);
    } else if (url.text.starts_with(kPostgresPrefix)) {
      state_->sql.open(soci::postgresql, postgres_address(url.text));
    } else {
      throw std::runtime_error{"its address must begin with sqlite:// or postgresql://"};
    }
  } catch (const std::exception& error) {
    throw std::runtime_error{"can't open the catalogue " + without_password(url.text) + ": " + error.what()};
  }
}

Session::~Session() = default;
Session::Session(Session&&) noexcept = default;

soci::session& Session::sql() { return state_->sql; }
bool Session::is_sqlite() const { return state_->turnstile.has_value(); }

void Session::write(const std::function<void(Session&)>& work) {
  struct Turn {
    std::optional<Turnstile>& turnstile;
    explicit Turn(std::optional<Turnstile>& t) : turnstile{t} {
      if (turnstile) turnstile->enter();
    }
    ~Turn() {
      if (turnstile) turnstile->leave();
    }
  } turn{state_->turnstile};

  auto& sql = state_->sql;
  sql << (is_sqlite() ? "BEGIN IMMEDIATE" : "BEGIN");
  if (!is_sqlite()) sql << kPostgresTurn;
  const auto undo = [&sql] {
    try {
      sql << "ROLLBACK";
    } catch (const std::exception&) {
      // The connection is gone or the database rolled back by itself; the first error is the one to tell.
    }
  };
  try {
    work(*this);
    sql << "COMMIT";
  } catch (const soci::sqlite3_soci_error& error) {
    undo();
    if (error.result() != SQLITE_FULL) throw;
    throw std::system_error{std::make_error_code(std::errc::no_space_on_device), "the catalogue can't grow"};
  } catch (...) {
    undo();
    throw;
  }
}

void Session::read(const std::function<void(Session&)>& work) {
  auto& sql = state_->sql;
  sql << (is_sqlite() ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    work(*this);
  } catch (...) {
    try {
      sql << "ROLLBACK";
    } catch (const std::exception&) {
    }
    throw;
  }
  sql << "COMMIT";
}

namespace {

void run_script(soci::session& sql, const std::string& script) {
  std::size_t begin = 0;
  while (begin < script.size()) {
    auto end = script.find(";\n", begin);
    if (end == std::string::npos) end = script.size();
    const auto statement = script.substr(begin, end - begin);
    if (statement.find_first_not_of(" \t\r\n;") != std::string::npos) sql << statement;
    begin = end + 2;
  }
}

}  // namespace

int version_of(Session& session) {
  int count = 0, version = 0;
  session.sql() << (session.is_sqlite() ? "select count(*) from sqlite_master where name = 'schema_versions'"
                                        : "select count(*) from information_schema.tables where table_name = 'schema_versions'"),
      soci::into(count);
  if (count > 0) session.sql() << "select coalesce(max(version), 0) from schema_versions", soci::into(version);
  return version;
}

int newest_version() { return static_cast<int>(all_migrations().size()); }

int migrate(Session& session) {
  session.write([](Session& s) {
    s.sql() << "create table if not exists schema_versions (version integer primary key, name text not null)";
  });
  for (int version = 1; version <= newest_version(); ++version) {
    session.write([&](Session& s) {
      auto& sql = s.sql();
      if (version_of(s) >= version) return;
      const auto& migration = all_migrations()[static_cast<std::size_t>(version - 1)];
      run_script(sql, migration.sql);
      sql << "insert into schema_versions(version, name) values (:v, :n)", soci::use(version), soci::use(migration.name);
    });
  }
  return newest_version();
}

}  // namespace cairn::store
