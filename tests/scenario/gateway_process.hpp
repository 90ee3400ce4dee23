#pragma once
// A gateway alone, as a process that can be killed.

#include "tests/scenario/instance.hpp"
#include "tests/services/gateway/http_client.hpp"

#include <optional>

namespace cairn::testing {

class GatewayProcess {
 public:
  /// `flags` go to every start. The data lies in a folder of its own unless one is given.
  explicit GatewayProcess(std::vector<std::string> flags = {}, std::filesystem::path data = {});

  /// SIGKILL, then another in its place, on a port of its own.
  void kill_and_start();
  std::uint16_t port() const { return port_; }
  HttpClient client() const { return HttpClient{port_}; }
  const std::filesystem::path& data() const { return data_; }
  pid_t pid() const { return process_->pid(); }
  /// What it has in memory now.
  double memory_mib() const;

 private:
  void start();
  ScratchFolder scratch_;
  std::vector<std::string> flags_;
  std::filesystem::path data_;
  std::uint16_t port_ = 0;
  std::optional<Running> process_;
};

}  // namespace cairn::testing
