#pragma once
// Conditional and range requests (RFC 9110, 13 and 14), for bytes that are named by their hash.

#include "services/gateway/http/http.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace cairn::gateway {

/// Whether a list such as `"a", W/"b"` or `*` names a strong ETag (given with its quotes), by weak comparison.
bool names_etag(std::string_view if_none_match, std::string_view etag);

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};
struct WholeBody {};
struct NoSuchRange {};
/// What `Range: bytes=…` asks of a body. One range is given; several, other units and malformed ones mean the whole body, as
/// the standard allows: a thousand ranges cost nothing.
std::variant<WholeBody, ByteRange, NoSuchRange> range_from(std::string_view header, std::uint64_t size);

/// Sets the ETag and answers 304 or 206 or 416 where the request asks for it. `response` is the whole 200.
Response conditional(const Request& request, Response response, const std::string& etag);
/// The same without ranges, for bodies that may be compressed on the way.
Response unless_known(const Request& request, Response response, const std::string& etag);

/// Whether the client takes gzip: `Accept-Encoding` names it (or x-gzip) with a weight above 0. `*` alone doesn't count.
bool takes_gzip(const Request& request);
/// The same from the header alone.
bool takes_gzip(std::string_view accept_encoding);

}  // namespace cairn::gateway
