#pragma once
// Starting and watching the processes of one instance: what `cairn up` does.

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace cairn::cli {

struct Program {
  std::string name;                    ///< shown in messages: "worker 2"
  std::filesystem::path file;
  std::vector<std::string> environment;   ///< lines "NAME=value", beside those of this process
};

/// Keeps programs running: a child that ends is started again, after a pause that doubles from 0.1 s to 5 s while it keeps
/// dying and is forgotten once it has run for 10 s.
class Watch {
 public:
  ~Watch();
  /// Throws std::runtime_error when the program can't be started at all.
  void start(const Program& program);
  /// Restarts what has ended; returns at once.
  void tend();
  /// SIGTERM to all in the order of their start, waits, SIGKILL to what is left.
  void stop(std::chrono::seconds patience);
  /// Process ids by name, for `cairn status` and tests.
  std::vector<std::pair<std::string, pid_t>> running() const;

 private:
  struct Child {
    Program program;
    pid_t pid = -1;
    std::chrono::steady_clock::time_point started{};
    std::chrono::steady_clock::time_point start_again_at{};
    std::chrono::milliseconds pause{0};
  };
  std::vector<Child> children_;
};

}  // namespace cairn::cli
