#include "services/gateway/tus/checksum.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace cairn::gateway::tus {
namespace {

const EVP_MD* kind_of(Checksum::Algorithm algorithm) {
  switch (algorithm) {
    case Checksum::Algorithm::sha1: return EVP_sha1();
    case Checksum::Algorithm::md5: return EVP_md5();
    case Checksum::Algorithm::sha256: break;
  }
  return EVP_sha256();
}

EVP_MD_CTX* context_in(void* held) { return static_cast<EVP_MD_CTX*>(held); }

}  // namespace

void ChecksumStream::Closer::operator()(void* context) const { EVP_MD_CTX_free(context_in(context)); }

ChecksumStream::ChecksumStream(Checksum::Algorithm algorithm) : context_{EVP_MD_CTX_new()} {
  if (EVP_DigestInit_ex(context_in(context_.get()), kind_of(algorithm), nullptr) != 1)
    throw std::runtime_error{"OpenSSL gives no digest that tus asks for: is it in FIPS mode?"};
}

void ChecksumStream::add(ByteView bytes) { EVP_DigestUpdate(context_in(context_.get()), bytes.data(), bytes.size()); }

Bytes ChecksumStream::finish() {
  Bytes digest(EVP_MAX_MD_SIZE);
  unsigned length = 0;
  EVP_DigestFinal_ex(context_in(context_.get()), reinterpret_cast<unsigned char*>(digest.data()), &length);
  digest.resize(length);
  return digest;
}

}  // namespace cairn::gateway::tus
