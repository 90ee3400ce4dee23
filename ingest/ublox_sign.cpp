#include "ingest/ublox_sign.hpp"

#include "core/hex.hpp"
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
constexpr std::size_t kMostSignatures = 20'000;   ///< of one log; what follows counts as unsigned
constexpr std::size_t kMostTries = 64;            ///< blocks that are looked at to find the receiver's key

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

bool signature_fits(ByteView payload, const Key& key) {
  const auto der = der_of(payload.subspan(kSignature));
  const auto digest = digest_of(payload);
  const KeyContext context{EVP_PKEY_CTX_new(key.get(), nullptr)};
  return context && EVP_PKEY_verify_init(context.get()) == 1 && EVP_PKEY_verify(context.get(), der.data(), der.size(), digest.data(), digest.size()) == 1;
}

/// A point that may be a receiver's: two for each key.
struct Candidate {
  std::size_t of = 0;   ///< which of the keys given
  Key key;
};

std::vector<Candidate> candidates_from(std::span<const Bytes> public_keys) {
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < public_keys.size(); ++i) {
    for (std::uint8_t sign = 0; sign < 2 && public_keys[i].size() == kCoordinate; ++sign) {
      if (auto key = key_with(public_keys[i], sign)) candidates.push_back({i, std::move(key)});
    }
  }
  return candidates;
}

/// A block as its message has it, before a signature is checked.
struct Stated {
  SignedBlock block;
  ByteView payload;
  bool begins_session = false;
  bool hash_fits = false;
};

Stated stated_in(ByteView log, std::size_t begin, std::size_t end, const Stated* before) {
  Stated stated{{.begin = begin, .end = end}, log.subspan(end + kHead, kPayload)};
  stated.block.number = static_cast<std::uint16_t>(byte_at(stated.payload, kNumber) + 256 * byte_at(stated.payload, kNumber + 1));
  const auto session = stated.payload.subspan(kSession, kSignature - kSession);
  stated.begins_session = before == nullptr || !std::ranges::equal(session, before->payload.subspan(kSession, session.size()));
  stated.block.follows = stated.begins_session || static_cast<std::uint16_t>(before->block.number + 1) == stated.block.number;
  const auto hash = sha256_of(log.subspan(begin, end - begin)).bytes;
  stated.hash_fits = std::equal(hash.begin(), hash.end(), octets(stated.payload.subspan(kHash)));
  return stated;
}

std::vector<Stated> blocks_in(ByteView log) {
  std::vector<Stated> found;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < log.size() && found.size() < kMostSignatures; ++at) {
    if (!is_signature_message(log.subspan(at))) continue;
    found.push_back(stated_in(log, begin, at, found.empty() ? nullptr : &found.back()));
    begin = at + kMessage;
    at += kMessage - 1;
  }
  return found;
}

/// The candidate that signed a block whose hash fits; null when none did.
const Candidate* maker_of(const std::vector<Stated>& blocks, const std::vector<Candidate>& candidates) {
  std::size_t tries = 0;
  for (const auto& [block, payload, begins, hash_fits] : blocks) {
    if (!hash_fits) continue;
    if (++tries > kMostTries) break;
    for (const auto& candidate : candidates) {
      if (signature_fits(payload, candidate.key)) return &candidate;
    }
  }
  return nullptr;
}

BlockState state_of(const Stated& stated, const Candidate* maker) {
  const bool is_signed = maker != nullptr && (stated.hash_fits || stated.begins_session) && signature_fits(stated.payload, maker->key);
  if (stated.hash_fits) return is_signed ? BlockState::verified : BlockState::wrong_signature;
  return is_signed ? BlockState::unknown : BlockState::wrong_hash;
}

bool is_wrong(const SignedBlock& block) { return !block.follows || block.state == BlockState::wrong_hash || block.state == BlockState::wrong_signature; }

struct Entry {
  LogState state;
  std::string_view code, sentence;
};
constexpr std::array kStates{
    Entry{LogState::unsigned_, "", ""},
    Entry{LogState::holds, "holds", "Your receiver signed it, and its signatures hold."},
    Entry{LogState::altered, "altered", "Your receiver signed it, and it was changed since."},
    Entry{LogState::unknown_receiver, "unknown_receiver",
          "It holds signatures that fit none of your devices' receivers, so it counts as unsigned: register the receiver's key with a device."},
};

}  // namespace

std::string_view code_of(LogState state) { return std::ranges::find(kStates, state, &Entry::state)->code; }
std::string_view sentence_of(LogState state) { return std::ranges::find(kStates, state, &Entry::state)->sentence; }

std::optional<LogState> log_state_from_code(std::string_view code) {
  const auto entry = std::ranges::find(kStates, code, &Entry::code);
  return entry != kStates.end() ? std::optional{entry->state} : std::nullopt;
}

LogState UbloxSignatures::state() const {
  if (blocks.empty()) return LogState::unsigned_;
  if (!key) return LogState::unknown_receiver;
  return std::ranges::any_of(blocks, is_wrong) ? LogState::altered : LogState::holds;
}

std::string UbloxSignatures::fault() const {
  const auto block = std::ranges::find_if(blocks, is_wrong);
  if (state() != LogState::altered) return "";
  const auto signature = "signature " + std::to_string(block->number);
  if (!block->follows) return signature + ": it doesn't follow the one before it";
  return signature + (block->state == BlockState::wrong_hash ? ": the bytes before it were changed" : ": the receiver didn't make it");
}

std::vector<ByteView> UbloxSignatures::proven_parts(ByteView log) const {
  std::vector<ByteView> parts;
  std::size_t end = 0;
  for (const auto& block : blocks) {
    if (block.state != BlockState::verified) continue;
    const bool goes_on = !parts.empty() && block.begin == end + kMessage;
    const auto begin = goes_on ? static_cast<std::size_t>(parts.back().data() - log.data()) : block.begin;
    if (goes_on) parts.pop_back();
    parts.push_back(log.subspan(begin, block.end - begin));
    end = block.end;
  }
  return parts;
}

std::optional<Bytes> receiver_key_from_hex(std::string_view text) {
  std::array<std::uint8_t, kCoordinate> key{};
  if (!read_hex(text, key)) return std::nullopt;
  const auto bytes = std::as_bytes(std::span{key});
  return Bytes{bytes.begin(), bytes.end()};
}

UbloxSignatures check_ublox_signatures(ByteView log, std::span<const Bytes> public_keys) {
  const auto stated = blocks_in(log);
  const auto candidates = stated.empty() ? std::vector<Candidate>{} : candidates_from(public_keys);
  const auto* maker = maker_of(stated, candidates);
  UbloxSignatures found;
  if (maker != nullptr) found.key = maker->of;
  for (const auto& one : stated) {
    found.blocks.push_back(one.block);
    found.blocks.back().state = state_of(one, maker);
  }
  return found;
}

}  // namespace cairn::ingest
