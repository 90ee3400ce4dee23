#include "ingest/ublox_sign.hpp"

#include "core/sha256.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <memory>

namespace cairn::ingest {
namespace {

// UBX: sync 0xB5 0x62, class, id, length (little endian), payload, two bytes of checksum.
constexpr std::size_t kHead = 6;
constexpr std::size_t kTail = 2;
constexpr std::uint8_t kClass = 0x27;
constexpr std::uint8_t kId = 0x04;
constexpr std::size_t kPayload = 108;
constexpr std::size_t kMessage = kHead + kPayload + kTail;
// Within the payload: version, reserved, number (2), final hash (32), session id (24), r and s (24 each).
constexpr std::size_t kNumber = 2, kHash = 4, kSession = 36, kSignature = 60, kCoordinate = 24;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Free>;

const unsigned char* octets(ByteView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
std::uint8_t byte_at(ByteView bytes, std::size_t i) { return std::to_integer<std::uint8_t>(bytes[i]); }

/// Whether a SEC-ECSIGN message with its checksum right begins here. Only these are looked at, not the lengths of others, so that
/// a log made to look long costs no more than its bytes.
bool is_signature_message(ByteView bytes) {
  constexpr std::array<std::uint8_t, kHead> kBegin{0xB5, 0x62, kClass, kId, kPayload, 0};
  if (bytes.size() < kMessage || !std::ranges::equal(kBegin, bytes.first(kHead), {}, {}, [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); })) return false;
  std::uint8_t a = 0, b = 0;
  for (std::size_t i = 2; i < kMessage - kTail; ++i) {
    a = static_cast<std::uint8_t>(a + byte_at(bytes, i));
    b = static_cast<std::uint8_t>(b + a);
  }
  return a == byte_at(bytes, kMessage - 2) && b == byte_at(bytes, kMessage - 1);
}

/// One of the two points of P-192 with that x.
Key key_with(ByteView x, std::uint8_t sign) {
  std::array<unsigned char, 1 + kCoordinate> point{};
  point[0] = static_cast<unsigned char>(2 + sign);
  std::copy_n(octets(x), kCoordinate, point.begin() + 1);
  char curve[] = "prime192v1";
  OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve, 0),
                             OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()), OSSL_PARAM_construct_end()};
  const KeyContext context{EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)};
  EVP_PKEY* key = nullptr;
  const bool made = context && EVP_PKEY_fromdata_init(context.get()) == 1 && EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) == 1;
  return Key{made ? key : nullptr};
}

std::vector<unsigned char> der_of(ByteView r_and_s) {
  const std::unique_ptr<ECDSA_SIG, Free> signature{ECDSA_SIG_new()};
  ECDSA_SIG_set0(signature.get(), BN_bin2bn(octets(r_and_s), kCoordinate, nullptr), BN_bin2bn(octets(r_and_s.subspan(kCoordinate)), kCoordinate, nullptr));
  std::vector<unsigned char> der(static_cast<std::size_t>(std::max(0, i2d_ECDSA_SIG(signature.get(), nullptr))));
  auto* end = der.data();
  i2d_ECDSA_SIG(signature.get(), &end);
  return der;
}

std::array<unsigned char, kCoordinate> digest_of(ByteView payload) {
  const auto d = sha256_of(payload.subspan(kHash, kSession - kHash + kCoordinate)).bytes;  // final hash and session id lie side by side
  std::array<unsigned char, kCoordinate> folded{};
  for (std::size_t i = 0; i < 8; ++i) folded[i] = static_cast<unsigned char>(d[i] ^ d[24 + i]);
  std::copy(d.begin() + 8, d.begin() + 24, folded.begin() + 8);
  return folded;
}

bool signature_fits(ByteView payload, const std::array<Key, 2>& keys) {
  const auto der = der_of(payload.subspan(kSignature));
  const auto digest = digest_of(payload);
  return std::ranges::any_of(keys, [&](const Key& key) {
    const KeyContext context{key ? EVP_PKEY_CTX_new(key.get(), nullptr) : nullptr};
    return context && EVP_PKEY_verify_init(context.get()) == 1 && EVP_PKEY_verify(context.get(), der.data(), der.size(), digest.data(), digest.size()) == 1;
  });
}

BlockState state_of(ByteView block, ByteView payload, const std::array<Key, 2>& keys, bool is_first) {
  const auto hash = sha256_of(block).bytes;
  const bool same = std::equal(hash.begin(), hash.end(), octets(payload.subspan(kHash)));
  if (!same) return is_first ? BlockState::unknown : BlockState::wrong_hash;
  return signature_fits(payload, keys) ? BlockState::verified : BlockState::wrong_signature;
}

}  // namespace

bool UbloxSignatures::holds() const {
  const auto fits = [](const SignedBlock& block) { return block.state == BlockState::verified; };
  const bool rest_fits = blocks.empty() || std::all_of(blocks.begin() + 1, blocks.end(), fits);
  const bool first_fits = blocks.empty() || blocks.front().state == BlockState::unknown || fits(blocks.front());
  return is_continuous && rest_fits && first_fits && std::ranges::any_of(blocks, fits);
}

UbloxSignatures check_ublox_signatures(ByteView log, ByteView public_key) {
  std::array<Key, 2> keys;
  for (std::uint8_t sign = 0; sign < 2 && public_key.size() == kCoordinate; ++sign) keys[sign] = key_with(public_key, sign);
  UbloxSignatures found;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < log.size(); ++at) {
    if (!is_signature_message(log.subspan(at))) continue;
    const auto payload = log.subspan(at + kHead, kPayload);
    const auto number = static_cast<std::uint16_t>(byte_at(payload, kNumber) + 256 * byte_at(payload, kNumber + 1));
    if (!found.blocks.empty() && static_cast<std::uint16_t>(found.blocks.back().number + 1) != number) found.is_continuous = false;
    found.blocks.push_back({begin, at, number, state_of(log.subspan(begin, at - begin), payload, keys, found.blocks.empty())});
    begin = at + kMessage;
    at += kMessage - 1;
  }
  found.unsigned_bytes = log.size() - begin;
  return found;
}

}  // namespace cairn::ingest
