#pragma once
// Bytes on their way into a socket: from memory, or from a file without a copy in between.

#include "core/bytes.hpp"
#include "core/file_range.hpp"

#include <filesystem>
#include <optional>
#include <utility>
#include <variant>

namespace cairn::gateway {

/// Open as long as it lives.
class OpenFile {
 public:
  OpenFile() = default;
  /// Is not open when it can't be opened.
  explicit OpenFile(const std::filesystem::path& path);
  OpenFile(OpenFile&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
  ~OpenFile();

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

using Sendable = std::variant<ByteView, FileRange>;

std::uint64_t size_of(const Sendable& bytes);
/// Without the first `count` of them.
Sendable behind(const Sendable& bytes, std::uint64_t count);

/// Sends what a socket takes now, without waiting, of `head` and then of `body`, 256 kB of a file at most. Gives how many bytes that was; std::nullopt
/// when the connection is broken, or the file ends before its range does.
std::optional<std::uint64_t> send_now(int socket, std::string_view head, const Sendable& body);

}  // namespace cairn::gateway
