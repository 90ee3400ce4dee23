#include "services/identity/jwt.hpp"

#include "services/identity/text_forms.hpp"

#include <nlohmann/json.hpp>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <optional>
#include <stdexcept>

namespace cairn::identity {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestToken = 4096;
constexpr std::string_view kIssuer = "geovisio";

Bytes hmac_of(std::string_view text, const ServerSecret& secret) {
  Bytes mac(32);
  unsigned length = 0;
  if (!HMAC(EVP_sha256(), secret.bytes.data(), static_cast<int>(secret.bytes.size()), octets_of(bytes_of(text)), text.size(),
            octets_of(mac), &length)) {
    throw std::runtime_error{"HMAC-SHA256 failed: OpenSSL has none"};
  }
  return mac;
}

/// A flat JSON object; nothing for other JSON and for nested values, which no field of ours has.
std::optional<json> object_in(std::string_view part) {
  const auto bytes = from_base64url(part);
  if (!bytes) return std::nullopt;
  const auto flat = [](int depth, json::parse_event_t, json&) { return depth <= 1; };
  auto object = json::parse(text_of(*bytes), flat, false);
  return object.is_object() ? std::optional{std::move(object)} : std::nullopt;
}

bool says(const json& object, const char* name, std::string_view value) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() && found->get<std::string>() == value;
}

/// Seconds of a time claim; a claim of another type is one that can't be honoured.
std::optional<double> time_claim(const json& claims, const char* name, double otherwise) {
  const auto found = claims.find(name);
  if (found == claims.end()) return otherwise;
  return found->is_number() ? std::optional{found->get<double>()} : std::nullopt;
}

}  // namespace

std::string signed_token(const ServerSecret& secret, const std::string& token_id) {
  const auto part = [](const json& object) { return base64url_of(bytes_of(object.dump())); };
  const auto text = part({{"alg", "HS256"}, {"typ", "JWT"}}) + "." + part({{"iss", kIssuer}, {"sub", token_id}});
  return text + "." + base64url_of(hmac_of(text, secret));
}

std::string_view sentence_of(TokenFault fault) {
  switch (fault) {
    case TokenFault::not_a_token: return "Impossible to decode token";
    case TokenFault::wrong_algorithm: return "Only tokens signed with HS256 are taken";
    case TokenFault::wrong_signature: return "The token was not signed by this server";
    case TokenFault::foreign: return "The token was made for something else";
    case TokenFault::expired: return "The token has expired: make a new one";
  }
  return "";
}

std::variant<std::string, TokenFault> token_id_of(std::string_view token, const ServerSecret& secret, UtcTime now) {
  using enum TokenFault;
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (token.size() > kLongestToken || second == std::string_view::npos) return not_a_token;
  const auto header = object_in(token.substr(0, first));
  const auto signature = from_base64url(token.substr(second + 1));
  if (!header || !signature) return not_a_token;
  if (!says(*header, "alg", "HS256") || header->contains("crit")) return wrong_algorithm;
  const auto mac = hmac_of(token.substr(0, second), secret);
  if (signature->size() != mac.size() || CRYPTO_memcmp(signature->data(), mac.data(), mac.size()) != 0) return wrong_signature;

  const auto claims = object_in(token.substr(first + 1, second - first - 1));
  if (!claims) return not_a_token;
  if (!says(*claims, "iss", kIssuer) || !claims->contains("sub") || !(*claims)["sub"].is_string()) return foreign;
  const auto seconds = static_cast<double>(micros_of(now)) / 1e6;
  const auto expires = time_claim(*claims, "exp", seconds + 1);
  const auto begins = time_claim(*claims, "nbf", seconds);
  if (!expires || !begins || seconds >= *expires || seconds < *begins) return expired;
  return (*claims)["sub"].get<std::string>();
}

}  // namespace cairn::identity
