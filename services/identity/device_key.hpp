#pragma once
// A device's name is its public key: did:key with Ed25519 (W3C did:key method, multicodec 0xed).

#include "core/bytes.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::identity {

struct DeviceKey {
  std::array<std::byte, 32> bytes{};   ///< the public key as RFC 8032 encodes it
  friend bool operator==(const DeviceKey&, const DeviceKey&) = default;
};

/// "did:key:z6Mk…"
std::string did_of(const DeviceKey& key);
/// Nothing unless the text is exactly what did_of gives for some key.
std::optional<DeviceKey> key_from_did(std::string_view did);

/// Whether the 64 bytes are that key's Ed25519 signature of the text (RFC 8032, pure).
bool is_signature(const DeviceKey& key, std::string_view text, ByteView signature);

/// A compact JSON Web Signature (RFC 7515 with EdDSA, RFC 8037) whose header is {"alg":"EdDSA","kid":"did:key:…"}, checked with
/// the key that it names: who signed and what, or nothing. At most 1 MiB.
struct SignedText {
  std::string did;
  std::string payload;
};
std::optional<SignedText> signed_text_in(std::string_view jws);

/// What makers of devices do, for tests and examples: `seed` are the 32 bytes of the private key.
DeviceKey public_key_of(const std::array<std::byte, 32>& seed);
std::string sign_text(const std::array<std::byte, 32>& seed, std::string_view payload);

}  // namespace cairn::identity
