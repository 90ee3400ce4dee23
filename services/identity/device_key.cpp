#include "services/identity/device_key.hpp"

#include "services/identity/text_forms.hpp"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace cairn::identity {
namespace {

using nlohmann::json;

constexpr std::string_view kPrefix = "did:key:z";
constexpr std::array kMulticodec{std::byte{0xed}, std::byte{0x01}};  // ed25519-pub, as a varint
constexpr std::size_t kLongestJws = 1 << 20;                           // a manifest of 5,000 files
constexpr std::size_t kSignatureBytes = 64;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Digest = std::unique_ptr<EVP_MD_CTX, Free>;

Key private_key(const std::array<std::byte, 32>& seed) {
  Key key{EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, octets_of(ByteView{seed}), seed.size())};
  if (!key) throw std::runtime_error{"OpenSSL has no Ed25519"};
  return key;
}

}  // namespace

std::string did_of(const DeviceKey& key) {
  Bytes named{kMulticodec.begin(), kMulticodec.end()};
  named.insert(named.end(), key.bytes.begin(), key.bytes.end());
  return std::string{kPrefix} + base58_of(named);
}

std::optional<DeviceKey> key_from_did(std::string_view did) {
  if (!did.starts_with(kPrefix)) return std::nullopt;
  const auto named = from_base58(did.substr(kPrefix.size()));
  DeviceKey key;
  if (!named || named->size() != kMulticodec.size() + key.bytes.size() || !std::ranges::equal(kMulticodec, std::span{*named}.first(kMulticodec.size()))) {
    return std::nullopt;
  }
  std::ranges::copy(std::span{*named}.subspan(kMulticodec.size()), key.bytes.begin());
  return did_of(key) == did ? std::optional{key} : std::nullopt;
}

bool is_signature(const DeviceKey& key, std::string_view text, ByteView signature) {
  const Key named{EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets_of(ByteView{key.bytes}), key.bytes.size())};
  const Digest context{EVP_MD_CTX_new()};
  return signature.size() == kSignatureBytes && named && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, named.get()) == 1 &&
         EVP_DigestVerify(context.get(), octets_of(signature), signature.size(), octets_of(bytes_of(text)), text.size()) == 1;
}

std::optional<SignedText> signed_text_in(std::string_view jws) {
  const auto first = jws.find('.');
  const auto second = first == std::string_view::npos ? first : jws.find('.', first + 1);
  if (jws.size() > kLongestJws || second == std::string_view::npos || first > 1000) return std::nullopt;
  const auto header_bytes = from_base64url(jws.substr(0, first));
  const auto signature = from_base64url(jws.substr(second + 1, 100));
  if (!header_bytes || !signature || jws.size() - second > 100) return std::nullopt;
  const auto flat = [](int depth, json::parse_event_t, json&) { return depth <= 1; };
  const auto header = json::parse(text_of(*header_bytes), flat, false);
  if (!header.is_object() || header.contains("crit") || header.value("alg", json{}) != json("EdDSA") || !header.value("kid", json{}).is_string()) return std::nullopt;
  const auto did = header["kid"].get<std::string>();
  const auto key = key_from_did(did);
  if (!key || !is_signature(*key, jws.substr(0, second), *signature)) return std::nullopt;
  const auto payload = from_base64url(jws.substr(first + 1, second - first - 1));
  return payload ? std::optional{SignedText{did, std::string{text_of(*payload)}}} : std::nullopt;
}

DeviceKey public_key_of(const std::array<std::byte, 32>& seed) {
  const auto secret = private_key(seed);
  DeviceKey key;
  std::size_t length = key.bytes.size();
  EVP_PKEY_get_raw_public_key(secret.get(), reinterpret_cast<unsigned char*>(key.bytes.data()), &length);
  return key;
}

std::string sign_text(const std::array<std::byte, 32>& seed, std::string_view payload) {
  const auto secret = private_key(seed);
  const auto header = R"({"alg":"EdDSA","kid":")" + did_of(public_key_of(seed)) + R"("})";
  const auto text = base64url_of(bytes_of(header)) + "." + base64url_of(bytes_of(payload));
  Bytes signature(kSignatureBytes);
  std::size_t length = signature.size();
  const Digest context{EVP_MD_CTX_new()};
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, secret.get()) != 1 ||
      EVP_DigestSign(context.get(), octets_of(signature), &length, octets_of(bytes_of(text)), text.size()) != 1) {
    throw std::runtime_error{"Ed25519 signing failed"};
  }
  return text + "." + base64url_of(signature);
}

}  // namespace cairn::identity
