#include "services/identity/password.hpp"

#include "services/identity/text_forms.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <charconv>
#include <stdexcept>
#include <vector>

namespace cairn::identity {
namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kKeyBytes = 32;

struct Cost {
  int log_n = 14;
  int r = 8;
  int p = 5;
};

Bytes scrypt(std::string_view password, ByteView salt, Cost cost) {
  Bytes key(kKeyBytes);
  const std::uint64_t n = std::uint64_t{1} << cost.log_n;
  const std::uint64_t memory = 256 * n * static_cast<std::uint64_t>(cost.r) + (1 << 20);  // twice what it needs
  if (EVP_PBE_scrypt(password.data(), password.size(), octets_of(salt), salt.size(), n, static_cast<std::uint64_t>(cost.r),
                     static_cast<std::uint64_t>(cost.p), memory, octets_of(key), key.size()) != 1) {
    throw std::runtime_error{"scrypt failed: the machine is out of memory"};
  }
  return key;
}

std::vector<std::string_view> parts_of(std::string_view hash) {
  std::vector<std::string_view> parts;
  while (parts.size() < 7) {
    const auto end = hash.find('$');
    parts.push_back(hash.substr(0, end));
    if (end == std::string_view::npos) break;
    hash.remove_prefix(end + 1);
  }
  return parts;
}

/// A number from 1 to `most`; 0 otherwise.
int number_up_to(std::string_view text, int most) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && number >= 1 && number <= most ? number : 0;
}

}  // namespace

std::string hash_password(std::string_view password) {
  if (password.size() < kShortestPassword) throw std::invalid_argument{"The password is too short: take at least 10 characters"};
  if (password.size() > kLongestPassword) throw std::invalid_argument{"The password is too long: take at most 1000 bytes"};
  Bytes salt(kSaltBytes);
  if (RAND_bytes(octets_of(salt), static_cast<int>(salt.size())) != 1) throw std::runtime_error{"the system has no randomness for a salt"};
  const Cost cost;
  return "scrypt$" + std::to_string(cost.log_n) + "$" + std::to_string(cost.r) + "$" + std::to_string(cost.p) + "$" + base64url_of(salt) + "$" +
         base64url_of(scrypt(password, salt, cost));
}

bool is_password(std::string_view password, std::string_view hash) {
  const auto parts = parts_of(hash);
  const bool whole = parts.size() == 6 && parts[0] == "scrypt";
  const Cost cost{whole ? number_up_to(parts[1], 20) : 0, whole ? number_up_to(parts[2], 16) : 0, whole ? number_up_to(parts[3], 16) : 0};
  const auto salt = whole ? from_base64url(parts[4]) : std::nullopt;
  const auto key = whole ? from_base64url(parts[5]) : std::nullopt;
  if (password.size() > kLongestPassword) return false;
  if (!salt || !key || key->size() != kKeyBytes || cost.log_n * cost.r * cost.p == 0) {
    scrypt(password, Bytes(kSaltBytes), {});  // an account that isn't there answers no sooner
    return false;
  }
  const auto made = scrypt(password, *salt, cost);
  return CRYPTO_memcmp(made.data(), key->data(), kKeyBytes) == 0;
}

}  // namespace cairn::identity
