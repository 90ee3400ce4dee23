#pragma once

#include <filesystem>

namespace cairn::store {

/// Lets the writers of several processes take turns on one SQLite file. SQLite's own busy handler polls, so that one busy
/// writer keeps a second waiting for seconds; two flock files make a fair queue: whoever holds `next` is next to write.
class Turnstile {
 public:
  explicit Turnstile(const std::filesystem::path& database_file);
  ~Turnstile();
  Turnstile(const Turnstile&) = delete;

  /// Waits for our turn.
  void enter();
  /// Lets the next one in.
  void leave();

 private:
  int next_ = -1;
  int writer_ = -1;
};

}  // namespace cairn::store
