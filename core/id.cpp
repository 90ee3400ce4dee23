#include "core/id.hpp"

#include "core/hex.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>

namespace cairn {
namespace {

/// Where digits stand between dashes, and for how many bytes.
struct Group {
  std::size_t at, bytes;
};
constexpr std::array<Group, 5> kGroups{{{0, 4}, {9, 2}, {14, 2}, {19, 2}, {24, 6}}};
constexpr std::size_t kTextSize = 36;

void set_version(Uuid& uuid, std::uint8_t version) {
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0f) | (version << 4));
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3f) | 0x80);
}

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != kTextSize) return std::nullopt;
  Uuid uuid;
  std::size_t done = 0;
  for (const auto& group : kGroups) {
    if (group.at > 0 && text[group.at - 1] != '-') return std::nullopt;
    if (!read_hex(text.substr(group.at, 2 * group.bytes), std::span{uuid.bytes}.subspan(done, group.bytes))) return std::nullopt;
    done += group.bytes;
  }
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
  std::string text;
  text.reserve(kTextSize);
  std::size_t done = 0;
  for (const auto& group : kGroups) {
    if (group.at > 0) text += '-';
    append_hex(text, std::span{bytes}.subspan(done, group.bytes));
    done += group.bytes;
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
