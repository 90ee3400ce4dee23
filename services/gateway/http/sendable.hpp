#pragma once
// Bytes on their way into a socket: from memory, or from a file without a copy in between.

#include "core/bytes.hpp"
#include "core/file_range.hpp"

#include <optional>
#include <variant>

namespace cairn::gateway {

using Sendable = std::variant<ByteView, FileRange>;

std::uint64_t size_of(const Sendable& bytes);
/// Without the first `count` of them.
Sendable behind(const Sendable& bytes, std::uint64_t count);

/// Sends what a socket takes now, without waiting, of `head` and then of `body`, 256 kB of a file at most. Gives how many bytes that was; std::nullopt
/// when the connection is broken, or the file ends before its range does.
std::optional<std::uint64_t> send_now(int socket, std::string_view head, const Sendable& body);

}  // namespace cairn::gateway
