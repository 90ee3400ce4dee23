#pragma once
// A whole Cairn with real processes, on a data folder and a port of its own.

#include "services/cli/http_client.hpp"
#include "tests/services/scratch.hpp"

#include <nlohmann/json.hpp>
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cairn::testing {

using nlohmann::json;

/// What a finished command left behind.
struct CommandResult {
  int code = 0;
  std::string output;      ///< standard output
  json as_json() const { return json::parse(output); }
};

/// Runs a program and waits for its end.
CommandResult run_command(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment = {});
/// A program that runs beside the test; killed when it goes out of scope.
class Running {
 public:
  explicit Running(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment = {});
  ~Running() { kill(); }
  Running(const Running&) = delete;
  void kill();
  /// SIGTERM; gives the exit code.
  int terminate();
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};
/// The programs of this build.
std::filesystem::path program(const std::string& name);

class Instance {
 public:
  explicit Instance(std::vector<std::string> flags = {});
  ~Instance();
  Instance(const Instance&) = delete;

  void start();
  void stop();

  const std::string& url() const { return url_; }
  std::filesystem::path data() const { return scratch_.path() / "data"; }
  const std::filesystem::path& scratch() const { return scratch_.path(); }

  /// `cairn upload --json`, to its end.
  json upload(const std::vector<std::filesystem::path>& paths, const std::vector<std::string>& flags = {});
  /// `cairn WORDS… --data <ours>`
  CommandResult cairn(std::vector<std::string> words) const;
  /// `cairn rewards close --json` with all that came so far.
  json close_epoch() const;
  /// A new token of an account, which is made when it is new.
  std::string token_of(const std::string& account) const;
  json get(const std::string& path) const;
  cli::HttpAnswer get_raw(const std::string& path) const;
  /// Until nothing is queued or running.
  void wait_idle() const;
  /// Sends SIGKILL to the process of that name ("worker 1"); waits until `cairn up` has another in its place.
  void kill_and_await_successor(const std::string& name) const;
  std::map<std::string, pid_t> processes() const;

  /// Everything that must not depend on the order of things: tiles, verdicts, features, as sorted lines.
  std::vector<std::string> snapshot() const;

 private:
  std::vector<std::string> flags_;
  ScratchFolder scratch_;
  std::string url_;
  pid_t pid_ = -1;
};

/// The drives of data-samples/.
std::vector<std::filesystem::path> sample_drives();

/// Waits for a condition, with a limit; throws with the sentence when it does not come.
void wait_for(const std::string& what, std::chrono::seconds limit, const std::function<bool()>& condition);

}  // namespace cairn::testing
