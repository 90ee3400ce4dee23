#include "tests/scenario/gateway_process.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

namespace cairn::testing {

GatewayProcess::GatewayProcess() { start(); }
GatewayProcess::~GatewayProcess() { kill(); }

void GatewayProcess::start() {
  const auto address = data() / "run" / "address";
  std::filesystem::remove(address);
  const auto binary = program("cairn-gateway").string();
  const auto folder = data().string();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::execl(binary.c_str(), binary.c_str(), "--data", folder.c_str(), "--http-port", "0", "--log-level", "warn", nullptr);
    ::_exit(127);
  }
  std::string url;
  wait_for("the gateway", std::chrono::seconds{60}, [&] {
    std::ifstream stream{address};
    return static_cast<bool>(std::getline(stream, url));
  });
  port_ = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

void GatewayProcess::kill() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void GatewayProcess::kill_and_start() {
  kill();
  start();
}

Sending::Sending(std::uint16_t port, const std::string& bytes) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) throw std::runtime_error{"the gateway does not take connections"};
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto step = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (step <= 0) throw std::runtime_error{"the gateway took no more bytes"};
    sent += static_cast<std::size_t>(step);
  }
}

Sending::~Sending() { ::close(socket_); }

}  // namespace cairn::testing
