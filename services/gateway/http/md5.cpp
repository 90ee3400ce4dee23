#include "services/gateway/http/md5.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace cairn::gateway {

struct Md5Stream::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Md5Stream::Md5Stream() : state_{std::make_unique<State>()} {
  if (EVP_DigestInit_ex(state_->context, EVP_md5(), nullptr) != 1) throw std::runtime_error{"OpenSSL gives no MD5: is it in FIPS mode?"};
}
Md5Stream::~Md5Stream() = default;
Md5Stream::Md5Stream(Md5Stream&&) noexcept = default;
Md5Stream& Md5Stream::operator=(Md5Stream&&) noexcept = default;

void Md5Stream::add(ByteView bytes) { EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()); }

std::string Md5Stream::finish() {
  std::array<unsigned char, 16> digest{};
  EVP_DigestFinal_ex(state_->context, digest.data(), nullptr);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const auto byte : digest) hex += {kDigits[byte >> 4], kDigits[byte & 15]};
  return hex;
}

}  // namespace cairn::gateway
