#include "services/gateway/http/deadline.hpp"

namespace cairn::gateway {

void Deadline::arm(std::chrono::steady_clock::duration time) {
  passed_ = false;
  timer_.expires_after(time);
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (error || !self->socket_) return;
    self->passed_ = true;
    self->cancel();
  });
}

void Deadline::cancel() {
  error_code ignored;
  if (socket_) socket_->cancel(ignored);
}

void Deadline::forget_socket() {
  socket_ = nullptr;
  timer_.cancel();
}

}  // namespace cairn::gateway
