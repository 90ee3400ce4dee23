#pragma once
// One catalogue, two databases: SQLite (a file) or PostgreSQL. What differs between them is in database.cpp alone.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace soci {
class session;
}

namespace cairn::store {

/// Where the catalogue is: "sqlite:///var/lib/cairn/catalogue.db" or "postgresql://user@host/name".
struct DatabaseUrl {
  std::string text;
};

/// One connection. Not thread-safe: a thread that needs the catalogue opens its own.
class Session {
 public:
  /// Connects; throws std::runtime_error with the location (without password) and what to do.
  explicit Session(const DatabaseUrl& url);
  ~Session();
  Session(Session&&) noexcept;

  soci::session& sql();
  bool is_sqlite() const;

  /// Runs `work` in one transaction that may write, and commits; any exception rolls back and is passed on. Writers of all
  /// processes take turns: on SQLite at a turnstile of two lock files, so that none starves; on PostgreSQL at an advisory lock.
  void write(const std::function<void(Session&)>& work);
  /// Runs `work` on one consistent snapshot.
  void read(const std::function<void(Session&)>& work);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Brings the tables to the newest version; safe to call from several processes at once and after a crash midway (each
/// migration is one transaction). Gives the version.
int migrate(Session& session);

/// Version of the tables as they are.
int version_of(Session& session);

/// Version of the newest migration this program knows.
int newest_version();

}  // namespace cairn::store
