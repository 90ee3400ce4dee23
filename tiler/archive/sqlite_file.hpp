#pragma once
// A SQLite file through its C interface: just what MBTiles needs.

#include "core/bytes.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cairn::tiler {

/// Every failure throws std::runtime_error with the path and what SQLite says.
class SqliteFile {
 public:
  SqliteFile(std::filesystem::path path, int flags) : path_{std::move(path)} {
    sqlite3* opened = nullptr;
    const int result = sqlite3_open_v2(path_.c_str(), &opened, flags, nullptr);
    database_.reset(opened);
    check(result);
  }

  void run(const char* sql) { check(sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr)); }
  void check(int result) const {
    if (result == SQLITE_OK || result == SQLITE_ROW || result == SQLITE_DONE) return;
    throw std::runtime_error{path_.string() + ": " + sqlite3_errmsg(database_.get())};
  }
  sqlite3* get() const { return database_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
  };
  std::filesystem::path path_;
  std::unique_ptr<sqlite3, Close> database_;
};

class SqliteStatement {
 public:
  SqliteStatement(SqliteFile& file, const char* sql) : file_{file} {
    sqlite3_stmt* prepared = nullptr;
    file.check(sqlite3_prepare_v2(file.get(), sql, -1, &prepared, nullptr));
    statement_.reset(prepared);
  }

  void bind(int place, std::int64_t value) { file_.check(sqlite3_bind_int64(statement_.get(), place, value)); }
  void bind(int place, std::string_view text) {
    file_.check(sqlite3_bind_text(statement_.get(), place, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT));
  }
  void bind(int place, ByteView blob) {
    file_.check(sqlite3_bind_blob(statement_.get(), place, blob.data(), static_cast<int>(blob.size()), SQLITE_TRANSIENT));
  }
  void bind_null(int place) { file_.check(sqlite3_bind_null(statement_.get(), place)); }
  /// True while there is a row.
  bool step() {
    const int result = sqlite3_step(statement_.get());
    file_.check(result);
    return result == SQLITE_ROW;
  }
  void reset() { file_.check(sqlite3_reset(statement_.get())); }

  std::int64_t whole(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  /// Valid until the next step.
  ByteView blob(int column) const {
    const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(statement_.get(), column));
    return {data, data ? static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)) : 0};
  }
  std::string text(int column) const { return std::string{text_of(blob(column))}; }

 private:
  struct Finish {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  SqliteFile& file_;
  std::unique_ptr<sqlite3_stmt, Finish> statement_;
};

}  // namespace cairn::tiler
