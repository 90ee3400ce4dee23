#include "services/gateway/http/sendable.hpp"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace cairn::gateway {
namespace {

/// So that a client that reads as fast as we send lets others have their turn.
constexpr std::uint64_t kMostOfFile = 256 * 1024;

std::optional<std::uint64_t> sent_or_full(ssize_t sent) {
  if (sent >= 0) return static_cast<std::uint64_t>(sent);
  return errno == EAGAIN || errno == EINTR ? std::optional<std::uint64_t>{0} : std::nullopt;
}

std::optional<std::uint64_t> send_from(int socket, std::string_view head, ByteView body) {
  iovec parts[2] = {{const_cast<char*>(head.data()), head.size()}, {const_cast<std::byte*>(body.data()), body.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = body.empty() ? 1 : 2;
  return sent_or_full(::sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL));
}

std::optional<std::uint64_t> send_from(int socket, std::string_view head, const FileRange& file) {
  // The head waits for what comes after it, so that both leave in one packet.
  const auto of_head = head.empty() ? std::uint64_t{0} : sent_or_full(::send(socket, head.data(), head.size(), MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE));
  if (!of_head || *of_head < head.size() || file.size == 0) return of_head;
  auto offset = static_cast<off_t>(file.offset);
  const auto of_file = ::sendfile(socket, file.descriptor, &offset, std::min(file.size, kMostOfFile));
  if (of_file == 0) return std::nullopt;
  const auto sent = sent_or_full(of_file);
  return sent ? std::optional{*of_head + *sent} : std::nullopt;
}

}  // namespace

OpenFile::OpenFile(const std::filesystem::path& path) : descriptor_{::open(path.c_str(), O_RDONLY | O_CLOEXEC)} {}
OpenFile::~OpenFile() {
  if (is_open()) ::close(descriptor_);
}

std::uint64_t size_of(const Sendable& bytes) {
  const auto* file = std::get_if<FileRange>(&bytes);
  return file ? file->size : std::get<ByteView>(bytes).size();
}

Sendable behind(const Sendable& bytes, std::uint64_t count) {
  if (const auto* file = std::get_if<FileRange>(&bytes)) return FileRange{file->descriptor, file->offset + count, file->size - count};
  return std::get<ByteView>(bytes).subspan(count);
}

std::optional<std::uint64_t> send_now(int socket, std::string_view head, const Sendable& body) {
  return std::visit([&](const auto& some) { return send_from(socket, head, some); }, body);
}

}  // namespace cairn::gateway
