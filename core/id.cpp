#include "core/id.hpp"

#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace cairn {
namespace {

constexpr std::array<std::size_t, 4> kDashes{8, 13, 18, 23};

void set_version(Uuid& uuid, std::uint8_t version) {
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0f) | (version << 4));
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3f) | 0x80);
}

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::array<char, 64> digits;
  digits.fill('0');
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash_belongs_here = std::ranges::find(kDashes, i) != kDashes.end();
    if (dash_belongs_here != (text[i] == '-')) return std::nullopt;
    if (!dash_belongs_here) digits[count++] = text[i];
  }
  const auto padded = Sha256::from_hex({digits.data(), digits.size()});
  if (!padded) return std::nullopt;
  Uuid uuid;
  std::copy_n(padded->bytes.begin(), 16, uuid.bytes.begin());
  return uuid;
}

Uuid Uuid::from_digest(const Sha256& digest) {
  Uuid uuid;
  std::copy_n(digest.bytes.begin(), 16, uuid.bytes.begin());
  set_version(uuid, 8);
  return uuid;
}

Uuid Uuid::random() {
  Uuid uuid;
  if (::getentropy(uuid.bytes.data(), uuid.bytes.size()) != 0) throw std::runtime_error{"the operating system gave no random bytes"};
  set_version(uuid, 4);
  return uuid;
}

std::string Uuid::text() const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (const auto byte : bytes) {
    if (std::ranges::find(kDashes, text.size()) != kDashes.end()) text += '-';
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

Sha256 digest_of_parts(std::initializer_list<std::string_view> parts) {
  Sha256Stream stream;
  for (const auto part : parts) {
    stream.add(bytes_of(std::to_string(part.size()) + ":"));
    stream.add(bytes_of(part));
  }
  return stream.finish();
}

}  // namespace cairn
