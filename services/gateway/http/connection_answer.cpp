#include "services/gateway/http/answer_head.hpp"
#include "services/gateway/http/connection.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace cairn::gateway {
namespace {

constexpr std::chrono::seconds kLinger{2};  // for a refused sender to read its answer

/// Closes a file when it goes out of scope.
struct OpenFile {
  int descriptor;
  explicit OpenFile(const std::filesystem::path& path) : descriptor{::open(path.c_str(), O_RDONLY | O_CLOEXEC)} {}
  ~OpenFile() {
    if (descriptor >= 0) ::close(descriptor);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
};

}  // namespace

awaitable<bool> Connection::write(const Response& response, bool keep_alive) {
  auto head = head_of(response, size_of(response.body));
  head.append(keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
  const bool wants_body = request_.method != Method::head && response.status != 204 && response.status != 304;
  std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::const_buffer{}};
  if (const auto* text = std::get_if<std::string>(&response.body); text && wants_body) buffers[1] = asio::buffer(*text);
  if (const auto* shared = std::get_if<SharedBytes>(&response.body); shared && *shared && wants_body) buffers[1] = asio::buffer((*shared)->data(), (*shared)->size());
  deadline_->arm(serving_.limits.stall_time);
  error_code error;
  co_await asio::async_write(socket_, buffers, into(error));
  deadline_->disarm();
  const auto* file = std::get_if<FileBody>(&response.body);
  const bool whole = !error && (!file || !wants_body || co_await write_file(*file));
  const auto* source = std::get_if<std::shared_ptr<BodySource>>(&response.body);
  if (whole && source && wants_body) co_await write_from(**source);
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started_);
  serving_.site.metrics().count_answer(route_number_, response.status, took);
  if (wants_body) serving_.site.metrics().count_sent(size_of(response.body));
  co_return whole;
}

awaitable<bool> Connection::write_file(const FileBody& body) {
  const OpenFile file{body.path};
  chunk_.resize(kChunk);
  for (std::uint64_t sent = 0; sent < body.length;) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kChunk, body.length - sent));
    const auto got = ::pread(file.descriptor, chunk_.data(), wanted, static_cast<off_t>(body.offset + sent));
    if (got <= 0) co_return false;
    if (!co_await write_bytes(asio::buffer(chunk_.data(), static_cast<std::size_t>(got)))) co_return false;
    sent += static_cast<std::uint64_t>(got);
  }
  co_return true;
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
