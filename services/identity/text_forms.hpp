#pragma once
// Bytes as text, the ways that tokens and keys are written.

#include "core/bytes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::identity {

/// RFC 4648 section 5, without padding.
std::string base64url_of(ByteView bytes);
/// Nothing for other characters, an impossible length or bits left over (one text per value).
std::optional<Bytes> from_base64url(std::string_view text);

/// Base 58 with Bitcoin's alphabet, as multibase 'z' prescribes; for short values (time grows with the square of the length).
std::string base58_of(ByteView bytes);
/// Nothing for other characters or more than 64 of them.
std::optional<Bytes> from_base58(std::string_view text);

/// The same bytes as OpenSSL wants to see them.
inline const unsigned char* octets_of(ByteView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
inline unsigned char* octets_of(Bytes& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

}  // namespace cairn::identity
