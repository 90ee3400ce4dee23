#pragma once

#include "services/gateway/http/asio.hpp"

#include <chrono>
#include <memory>

namespace cairn::gateway {

/// Cancels what a socket waits for when its time is up. Shared with the timer's handler, which may come late.
class Deadline : public std::enable_shared_from_this<Deadline> {
 public:
  explicit Deadline(tcp::socket& socket) : socket_{&socket}, timer_{socket.get_executor()} {}

  void arm(std::chrono::steady_clock::duration time);
  void disarm() { timer_.cancel(); }
  bool passed() const { return passed_; }
  void cancel();
  /// The socket goes away: a late handler must not touch it.
  void forget_socket();

 private:
  tcp::socket* socket_;
  asio::steady_timer timer_;
  bool passed_ = false;
};

}  // namespace cairn::gateway
