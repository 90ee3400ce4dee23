#pragma once

#include "services/store/database.hpp"
#include "tests/temporary_folder.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace cairn::testing {

/// A folder and a catalogue of its own for one test.
class ScratchFolder : public TemporaryFolder {
 public:
  /// SQLite in the folder, or a database of the server that tests/with-postgresql names; that one goes with its server.
  const store::DatabaseUrl& database() const {
    if (database_.text.empty()) database_.text = made_database();
    return database_;
  }

 private:
  std::string made_database() const {
    const char* server = std::getenv("CAIRN_TEST_POSTGRESQL");
    if (server == nullptr) return "sqlite://" + (path() / "catalogue.db").string();
    const auto named = [&](const std::string& name) { return std::string{server}.replace(std::string{server}.find("NAME"), 4, name); };
    const auto name = path().filename().string();
    const auto command = "psql -qX '" + named("postgres") + "' -c 'create database \"" + name + "\"'";
    if (std::system(command.c_str()) != 0) throw std::runtime_error{"can't make a database for the test: " + command};
    return named(name);
  }

  mutable store::DatabaseUrl database_;
};

}  // namespace cairn::testing
