#include "core/sha256.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace cairn {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

int value_of_hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

}  // namespace

std::string Sha256::hex() const {
  std::string text;
  text.reserve(64);
  for (const auto byte : bytes) {
    text += kHexDigits[byte >> 4];
    text += kHexDigits[byte & 15];
  }
  return text;
}

std::optional<Sha256> Sha256::from_hex(std::string_view text) {
  if (text.size() != 64) return std::nullopt;
  Sha256 digest;
  for (std::size_t i = 0; i < 32; ++i) {
    const int high = value_of_hex_digit(text[2 * i]);
    const int low = value_of_hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return digest;
}

Sha256 sha256_of(ByteView bytes) {
  Sha256Stream stream;
  stream.add(bytes);
  return stream.finish();
}

struct Sha256Stream::State {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
};

Sha256Stream::Sha256Stream() : state_{std::make_unique<State>()} {
  if (!state_->context || EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error{"OpenSSL offers no SHA-256: check the installed OpenSSL configuration"};
  }
}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::add(ByteView bytes) { EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()); }

Sha256 Sha256Stream::finish() {
  Sha256 digest;
  EVP_DigestFinal_ex(state_->context.get(), digest.bytes.data(), nullptr);
  return digest;
}

}  // namespace cairn
