#pragma once
// A gateway alone, as a process that can be killed.

#include "tests/scenario/instance.hpp"
#include "tests/services/gateway/http_client.hpp"

namespace cairn::testing {

class GatewayProcess {
 public:
  GatewayProcess();
  ~GatewayProcess();
  GatewayProcess(const GatewayProcess&) = delete;

  /// SIGKILL, then another in its place, on a port of its own.
  void kill_and_start();
  std::uint16_t port() const { return port_; }
  HttpClient client() const { return HttpClient{port_}; }
  std::filesystem::path data() const { return scratch_.path() / "data"; }

 private:
  void start();
  void kill();
  ScratchFolder scratch_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

/// A client that sent some bytes and then says nothing more, until it goes out of scope.
class Sending {
 public:
  Sending(std::uint16_t port, const std::string& bytes);
  ~Sending();
  Sending(const Sending&) = delete;

 private:
  int socket_;
};

}  // namespace cairn::testing
