#pragma once

#include "services/gateway/http/asio.hpp"

#include <chrono>
#include <memory>

namespace cairn::gateway {

/// Cancels what a socket waits for when its time is up. Shared with the timer's handler, which may come late.
///
/// Armed several times in each request and hardly ever passed: the timer is left running when the deadline moves on, and looks
/// again when it rings.
class Deadline : public std::enable_shared_from_this<Deadline> {
 public:
  explicit Deadline(tcp::socket& socket) : socket_{&socket}, timer_{socket.get_executor()} {}

  void arm(std::chrono::steady_clock::duration time, std::chrono::steady_clock::time_point from = std::chrono::steady_clock::now());
  void disarm() { due_ = kNever; }
  bool passed() const { return passed_; }
  void cancel();
  /// The socket goes away: a late handler must not touch it.
  void forget_socket();

 private:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr Time kNever = Time::max();

  void wait();
  void ring();

  tcp::socket* socket_;
  asio::steady_timer timer_;
  Time due_ = kNever;
  Time rings_at_ = kNever;   ///< never: the timer doesn't run
  bool passed_ = false;
};

}  // namespace cairn::gateway
