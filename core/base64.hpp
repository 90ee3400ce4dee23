#pragma once

#include "core/bytes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cairn {

/// Base64 (RFC 4648, section 4) with padding.
std::string base64_of(ByteView bytes);
/// The bytes; nothing when the text has characters of no such kind or a wrong length. Padding may be left out.
std::optional<Bytes> bytes_from_base64(std::string_view text);

}  // namespace cairn
