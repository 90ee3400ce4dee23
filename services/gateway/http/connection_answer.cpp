#include "services/gateway/http/answer_head.hpp"
#include "services/gateway/http/connection.hpp"

namespace cairn::gateway {
namespace {

constexpr std::chrono::seconds kLinger{2};  // for a refused sender to read its answer

/// What is there before the first byte is sent: nothing of a body that is made meanwhile.
Sendable sendable(const Body& body, const OpenFile& file) {
  if (const auto* text = std::get_if<std::string>(&body)) return bytes_of(*text);
  if (const auto* shared = std::get_if<SharedBytes>(&body); shared && *shared) return ByteView{**shared};
  if (const auto* part = std::get_if<FileBody>(&body)) return FileRange{file.descriptor(), part->offset, part->length};
  return {};
}

}  // namespace

awaitable<bool> Connection::write(const Response& response, bool keep_alive) {
  auto head = head_of(response, size_of(response.body));
  head.append(keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
  const bool wants_body = request_.method != Method::head && response.status != 204 && response.status != 304;
  const auto* part = wants_body ? std::get_if<FileBody>(&response.body) : nullptr;
  const auto file = part ? OpenFile{part->path} : OpenFile{};
  const bool whole = co_await send_all(head, wants_body ? sendable(response.body, file) : Sendable{});
  const auto* source = std::get_if<std::shared_ptr<BodySource>>(&response.body);
  if (whole && source && wants_body) co_await write_from(**source);
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started_);
  serving_.site.metrics().count_answer(route_number_, response.status, took);
  if (wants_body) serving_.site.metrics().count_sent(size_of(response.body));
  co_return whole;
}

/// False when the client is gone or takes nothing, or the file ends too early.
awaitable<bool> Connection::send_all(std::string_view head, Sendable body) {
  for (;;) {
    const auto sent = send_now(socket_.native_handle(), head, body);
    if (!sent) co_return false;
    const auto of_head = std::min<std::uint64_t>(*sent, head.size());
    head.remove_prefix(of_head);
    body = behind(body, *sent - of_head);
    if (head.empty() && size_of(body) == 0) co_return true;
    deadline_->arm(serving_.limits.stall_time);
    error_code error;
    co_await socket_.async_wait(tcp::socket::wait_write, into(error));
    deadline_->disarm();
    if (error) co_return false;
  }
}

/// False when the client is gone or takes nothing.
awaitable<bool> Connection::write_bytes(asio::const_buffer bytes) {
  deadline_->arm(serving_.limits.stall_time);
  error_code error;
  co_await asio::async_write(socket_, bytes, into(error));
  deadline_->disarm();
  co_return !error;
}

/// Lets a sender that is still sending read its answer: closing at once would reset the connection and lose it.
awaitable<void> Connection::linger() {
  error_code error;
  socket_.shutdown(tcp::socket::shutdown_send, error);
  chunk_.resize(kChunk);
  deadline_->arm(kLinger);
  while (!error) co_await socket_.async_read_some(asio::buffer(chunk_.data(), chunk_.size()), into(error));
  deadline_->disarm();
}

}  // namespace cairn::gateway
