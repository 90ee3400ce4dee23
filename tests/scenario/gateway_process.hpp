#pragma once
// A gateway alone, as a process that can be killed.

#include "tests/scenario/instance.hpp"
#include "tests/services/gateway/http_client.hpp"

namespace cairn::testing {

class GatewayProcess {
 public:
  /// `flags` go to every start. The data lies in a folder of its own unless one is given.
  explicit GatewayProcess(std::vector<std::string> flags = {}, std::filesystem::path data = {});
  ~GatewayProcess();
  GatewayProcess(const GatewayProcess&) = delete;

  /// SIGKILL, then another in its place, on a port of its own.
  void kill_and_start();
  std::uint16_t port() const { return port_; }
  HttpClient client() const { return HttpClient{port_}; }
  const std::filesystem::path& data() const { return data_; }
  pid_t pid() const { return pid_; }

 private:
  void start();
  void kill();
  ScratchFolder scratch_;
  std::vector<std::string> flags_;
  std::filesystem::path data_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace cairn::testing
