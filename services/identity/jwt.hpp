#pragma once
// The token form that clients of the Panoramax API expect: a JSON Web Token (RFC 7519) signed with HMAC-SHA256, whose subject is
// the token's id and whose issuer is "geovisio".

#include "core/time.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace cairn::identity {

/// The bytes that all gateways of an instance sign with.
struct ServerSecret {
  std::string bytes;
};

std::string signed_token(const ServerSecret& secret, const std::string& token_id);

enum class TokenFault { not_a_token, wrong_algorithm, wrong_signature, foreign, expired };
std::string_view sentence_of(TokenFault fault);

/// The id of the token, or why it is none of ours. Only HS256 is taken, whatever the header says; the signature is compared in
/// constant time before anything inside is looked at. "exp" and "nbf" are honoured where they stand.
std::variant<std::string, TokenFault> token_id_of(std::string_view token, const ServerSecret& secret, UtcTime now);

}  // namespace cairn::identity
