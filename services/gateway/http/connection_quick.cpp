// The way of an answer that lies in memory: read, looked up and sent in three system calls, without the parser, the threads of the
// catalogue, or memory of its own.
#include "services/gateway/http/connection.hpp"
#include "services/gateway/http/quick_request.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>

namespace cairn::gateway {
namespace {

constexpr std::string_view kNotModified = "HTTP/1.1 304 Not Modified\r\n";
constexpr std::string_view kEnd = "Connection: keep-alive\r\n\r\n";

/// The same as add_common_headers() does for other answers.
void write_head(std::string& head, const QuickRequest& request, const PreparedAnswer& answer, bool known) {
  if (known) {
    head.assign(kNotModified).append(answer.head, answer.common_at);
  } else {
    head.assign(answer.head);
  }
  if (!request.origin.empty()) head.append("Access-Control-Allow-Origin: ").append(request.origin).append("\r\nAccess-Control-Allow-Credentials: true\r\n");
  head.append(kEnd);
}

}  // namespace

/// Sends what the socket takes at once; std::nullopt when it is broken.
std::optional<std::size_t> Connection::send_now(std::string_view head, ByteView body) {
  iovec parts[2] = {{const_cast<char*>(head.data()), head.size()}, {const_cast<std::byte*>(body.data()), body.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = body.empty() ? 1 : 2;
  const auto sent = ::sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  return errno == EAGAIN || errno == EINTR ? std::optional<std::size_t>{0} : std::nullopt;
}

Connection::Quick Connection::answer_quickly() {
  if (serving_.draining) return Quick::not_quick;
  started_ = std::chrono::steady_clock::now();
  const auto bytes = buffer_.data();
  const auto request = quick_request_from({static_cast<const char*>(bytes.data()), bytes.size()});
  if (!request) return Quick::not_quick;
  auto found = serving_.site.quick_answer(*request, peer_);
  if (!found) return Quick::not_quick;
  const auto& answer = *found->answer;
  const bool known = is_known(request->if_none_match, answer);
  write_head(quick_head_, *request, answer, known);
  const auto body = known || request->is_head ? ByteView{} : answer.body;
  buffer_.consume(request->length);

  const auto sent = send_now(quick_head_, body);
  if (!sent) return Quick::broken;
  auto& metrics = serving_.site.metrics();
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started_);
  metrics.count_answer(found->route, known ? 304 : answer.status, took);
  metrics.count_sent(body.size());
  const auto of_head = std::min(*sent, quick_head_.size());
  if (*sent == quick_head_.size() + body.size()) return Quick::sent;
  quick_head_.erase(0, of_head);
  quick_rest_ = body.subspan(*sent - of_head);
  quick_owner_ = std::move(found->answer);
  return Quick::sent_partly;
}

/// What the socket didn't take at once, as fast as the client reads.
awaitable<Connection::Next> Connection::write_rest() {
  open_.state = OpenConnection::State::request;
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(quick_head_), asio::buffer(quick_rest_.data(), quick_rest_.size())};
  deadline_->arm(serving_.limits.stall_time);
  error_code error;
  co_await asio::async_write(socket_, buffers, into(error));
  deadline_->disarm();
  quick_owner_.reset();
  co_return error ? Next::end : Next::request;
}

}  // namespace cairn::gateway
