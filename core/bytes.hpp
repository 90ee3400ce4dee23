#pragma once
// Bytes as they travel between rooms: an owner and a view.

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace cairn {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;

/// The bytes of a text, without a copy; valid as long as the text is.
inline ByteView bytes_of(std::string_view text) { return std::as_bytes(std::span{text.data(), text.size()}); }

/// The same bytes as text, without a copy and without a check of their encoding.
inline std::string_view text_of(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace cairn
