#pragma once

#include <string>
#include <string_view>

namespace cairn::identity {

inline constexpr std::size_t kShortestPassword = 10;
inline constexpr std::size_t kLongestPassword = 1000;   ///< hashing takes it in one piece

/// "scrypt$14$8$5$<salt>$<key>" (RFC 7914; N = 2^14, r = 8, p = 5: 16 MiB and about 0.1 s, the third line of OWASP's table of
/// equivalents). Throws when the password is shorter or longer than the limits above, or the system has no randomness.
std::string hash_password(std::string_view password);

/// Whether the password made that hash; takes as long for a hash that is none. Parameters are read from the hash, within bounds.
bool is_password(std::string_view password, std::string_view hash);

}  // namespace cairn::identity
