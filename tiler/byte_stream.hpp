#pragma once
// Numbers as LEB128 varints and blocks of bytes, written and read back in order.

#include "core/bytes.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::tiler {

class ByteWriter {
 public:
  void whole(std::uint64_t value) {
    while (value >= 0x80) {
      bytes_.push_back(static_cast<std::byte>((value & 0x7f) | 0x80));
      value >>= 7;
    }
    bytes_.push_back(static_cast<std::byte>(value));
  }
  void whole_signed(std::int64_t value) {
    whole((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void block(ByteView block) { bytes_.insert(bytes_.end(), block.begin(), block.end()); }
  void text(std::string_view text) {
    whole(text.size());
    block(bytes_of(text));
  }
  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

/// Throws std::runtime_error, with what it reads, as soon as the bytes can't be right.
class ByteReader {
 public:
  ByteReader(ByteView bytes, const char* what) : rest_{bytes}, what_{what} {}

  std::uint64_t whole() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto byte = std::to_integer<std::uint64_t>(block(1)[0]);
      if (shift == 63 && byte > 1) fail("a number is too large");
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte == 0 && shift > 0) fail("a number is longer than it needs to be");
        return value;
      }
    }
    fail("a number is too long");
  }
  std::uint64_t whole_up_to(std::uint64_t most) {
    const auto value = whole();
    if (value > most) fail("a number is too large");
    return value;
  }
  std::int64_t whole_signed() {
    const auto value = whole();
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  /// How many items follow, each of which takes at least `least_bytes`: never more than can be there.
  std::size_t count(std::size_t least_bytes) { return static_cast<std::size_t>(whole_up_to(rest_.size() / least_bytes)); }
  ByteView block(std::size_t size) {
    if (size > rest_.size()) fail("it ends too early");
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  std::string_view text() { return text_of(block(count(1))); }
  bool at_end() const { return rest_.empty(); }
  [[noreturn]] void fail(const char* why) const { throw std::runtime_error{std::string{what_} + " is corrupt: " + why}; }

 private:
  ByteView rest_;
  const char* what_;
};

}  // namespace cairn::tiler
