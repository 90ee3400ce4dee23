#include "services/gateway/http/deadline.hpp"

namespace cairn::gateway {

void Deadline::arm(std::chrono::steady_clock::duration time, Time from) {
  passed_ = false;
  due_ = from + time;
  if (due_ < rings_at_) wait();
}

void Deadline::wait() {
  rings_at_ = due_;
  timer_.expires_at(due_);  // ends the wait that is on
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (!error && self->socket_) self->ring();
  });
}

void Deadline::ring() {
  rings_at_ = kNever;
  if (due_ == kNever) return;
  if (due_ > std::chrono::steady_clock::now()) return wait();
  passed_ = true;
  disarm();
  cancel();
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
