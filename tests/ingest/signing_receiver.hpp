#pragma once
// A key of P-192 that stands in for a u-blox receiver's: what a real receiver does is not checked.

#include "core/sha256.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

namespace cairn::testing {

/// Signs as the header describes.
class SigningReceiver {
 public:
  SigningReceiver() : key_{EVP_EC_gen("P-192")} {}
  ~SigningReceiver() { EVP_PKEY_free(key_); }
  SigningReceiver(const SigningReceiver&) = delete;

  Bytes public_x() const {
    BIGNUM* x = nullptr;
    EVP_PKEY_get_bn_param(key_, "qx", &x);
    Bytes bytes(24);
    BN_bn2binpad(x, reinterpret_cast<unsigned char*>(bytes.data()), 24);
    BN_free(x);
    return bytes;
  }

  /// A block and the message that signs it. A session's id has 24 bytes.
  std::string signed_block(const std::string& block, std::uint16_t number, const std::string& session = "a session's id, 24 bytes") const {
    std::string payload(108, '\0');
    payload[0] = 1;
    payload[2] = static_cast<char>(number & 0xFF);
    payload[3] = static_cast<char>(number >> 8);
    const auto hash = sha256_of(block).bytes;
    payload.replace(4, 32, reinterpret_cast<const char*>(hash.data()), 32);
    payload.replace(36, 24, session);
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
    if (EVP_PKEY_sign_init(context.get()) != 1 || EVP_PKEY_sign(context.get(), der, &length, digest, sizeof digest) != 1) throw std::runtime_error{"can't sign"};
    const unsigned char* begin = der;
    const std::unique_ptr<ECDSA_SIG, void (*)(ECDSA_SIG*)> signature{d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(length)), ECDSA_SIG_free};
    unsigned char raw[48];
    BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw, 24);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw + 24, 24);
    return {reinterpret_cast<const char*>(raw), sizeof raw};
  }

  EVP_PKEY* key_;
};

}  // namespace cairn::testing
