// The logs are made here, with a key of P-192 that stands in for a receiver's: what a real receiver does is not checked.

#include "ingest/ublox_sign.hpp"

#include "core/sha256.hpp"
#include "tests/catch.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <memory>
#include <string>

using namespace cairn;
using ingest::BlockState;

namespace {

/// Signs as the header describes.
class Receiver {
 public:
  Receiver() : key_{EVP_EC_gen("P-192")} {}
  ~Receiver() { EVP_PKEY_free(key_); }
  Receiver(const Receiver&) = delete;

  Bytes public_x() const {
    BIGNUM* x = nullptr;
    EVP_PKEY_get_bn_param(key_, "qx", &x);
    Bytes bytes(24);
    BN_bn2binpad(x, reinterpret_cast<unsigned char*>(bytes.data()), 24);
    BN_free(x);
    return bytes;
  }

  /// A block and the message that signs it.
  std::string signed_block(const std::string& block, std::uint16_t number) const {
    std::string payload(108, '\0');
    payload[0] = 1;
    payload[2] = static_cast<char>(number & 0xFF);
    payload[3] = static_cast<char>(number >> 8);
    const auto hash = sha256_of(block).bytes;
    payload.replace(4, 32, reinterpret_cast<const char*>(hash.data()), 32);
    payload.replace(36, 24, "a session's id, 24 bytes");
    payload.replace(60, 48, signature_of(payload.substr(4, 56)));
    std::string message = std::string{"\xB5\x62\x27\x04\x6C\x00", 6} + payload;
    unsigned a = 0, b = 0;
    for (std::size_t i = 2; i < message.size(); ++i) b += a += static_cast<unsigned char>(message[i]);
    return block + message + static_cast<char>(a) + static_cast<char>(b);
  }

 private:
  std::string signature_of(const std::string& hash_and_session) const {
    const auto d = sha256_of(hash_and_session).bytes;
    unsigned char digest[24];
    for (std::size_t i = 0; i < 24; ++i) digest[i] = i < 8 ? static_cast<unsigned char>(d[i] ^ d[24 + i]) : d[i];
    const std::unique_ptr<EVP_PKEY_CTX, void (*)(EVP_PKEY_CTX*)> context{EVP_PKEY_CTX_new(key_, nullptr), EVP_PKEY_CTX_free};
    unsigned char der[80];
    std::size_t length = sizeof der;
    REQUIRE(EVP_PKEY_sign_init(context.get()) == 1);
    REQUIRE(EVP_PKEY_sign(context.get(), der, &length, digest, sizeof digest) == 1);
    const unsigned char* begin = der;
    const std::unique_ptr<ECDSA_SIG, void (*)(ECDSA_SIG*)> signature{d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(length)), ECDSA_SIG_free};
    unsigned char raw[48];
    BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw, 24);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw + 24, 24);
    return {reinterpret_cast<const char*>(raw), sizeof raw};
  }

  EVP_PKEY* key_;
};

const std::string fix = "$GNGGA,120000.00,5541.53,N,01311.42,E,4,12,0.6,31.0,M,,M,,*5C\r\n";

struct Log {
  Receiver receiver;
  std::string text = receiver.signed_block(fix, 7) + receiver.signed_block(fix + fix, 8) + receiver.signed_block("", 9) + fix;
  ingest::UbloxSignatures checked() const { return ingest::check_ublox_signatures(bytes_of(text), receiver.public_x()); }
};

}  // namespace

TEST_CASE("every block of a log that its receiver signed is verified") {
  const Log log;
  const auto found = log.checked();
  REQUIRE(found.blocks.size() == 3);
  for (const auto& block : found.blocks) REQUIRE(block.state == BlockState::verified);
  REQUIRE(found.blocks[1].number == 8);
  REQUIRE(found.blocks[1].end - found.blocks[1].begin == 2 * fix.size());
  REQUIRE(found.unsigned_bytes == fix.size());
  REQUIRE(found.holds());
}

TEST_CASE("a changed byte breaks its block, a foreign key the signature") {
  Log log;
  log.text[log.text.find("5541.53", fix.size())] = '6';
  REQUIRE(log.checked().blocks[1].state == BlockState::wrong_hash);
  REQUIRE_FALSE(log.checked().holds());
  const Log other;
  const auto found = ingest::check_ublox_signatures(bytes_of(other.text), log.receiver.public_x());
  REQUIRE(found.blocks[0].state == BlockState::wrong_signature);
  REQUIRE_FALSE(found.holds());
}

TEST_CASE("a log that begins in the middle of a block leaves that one open, a block cut out shows") {
  Log log;
  log.text.erase(0, 5);
  REQUIRE(log.checked().blocks[0].state == BlockState::unknown);
  REQUIRE(log.checked().holds());
  Log cut;
  cut.text = cut.receiver.signed_block(fix, 1) + cut.receiver.signed_block(fix, 3);
  REQUIRE_FALSE(cut.checked().is_continuous);
  REQUIRE_FALSE(cut.checked().holds());
}

TEST_CASE("logs without signatures, keys of other lengths and torn messages verify nothing") {
  const Log log;
  REQUIRE_FALSE(ingest::check_ublox_signatures({}, log.receiver.public_x()).holds());
  REQUIRE_FALSE(ingest::check_ublox_signatures(bytes_of(fix), log.receiver.public_x()).holds());
  REQUIRE_FALSE(ingest::check_ublox_signatures(bytes_of(log.text), Bytes(23)).holds());
  REQUIRE_FALSE(ingest::check_ublox_signatures(bytes_of(log.text), Bytes(24)).holds());
  for (std::size_t length = 0; length < log.text.size(); length += 7) {
    ingest::check_ublox_signatures(bytes_of(log.text).first(length), log.receiver.public_x());
  }
  const std::string bait(2'000'000, '\xB5');
  REQUIRE(ingest::check_ublox_signatures(bytes_of(bait), log.receiver.public_x()).blocks.empty());
}
