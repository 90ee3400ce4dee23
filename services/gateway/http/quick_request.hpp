#pragma once
// Requests that need no more than a look: the way of a tile that lies in memory.

#include <cstddef>
#include <optional>
#include <string_view>

namespace cairn::gateway {

/// A GET or HEAD of HTTP/1.1 without a body, as views of the bytes that came. Of each header there is one or none.
struct QuickRequest {
  bool is_head = false;
  std::string_view target;           ///< path and query, as sent
  std::string_view if_none_match;
  std::string_view accept_encoding;
  std::string_view authorization;
  std::string_view origin;
  std::string_view forwarded_for;
  std::size_t length = 0;            ///< of all of it, with the empty line
};

/// Nothing when the header isn't whole, or is anything but plain: another method or version, a body, a range, an upgrade, a
/// connection that ends, a header twice that counts once, folded lines, control characters. Such a request is no worse: it is read
/// with all care by the parser that takes everything.
std::optional<QuickRequest> quick_request_from(std::string_view bytes);

}  // namespace cairn::gateway
