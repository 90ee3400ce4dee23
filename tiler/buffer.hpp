#pragma once
// A buffer that grows by varints and blocks. Reserve first: what follows is not checked, which is what makes it fast.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace cairn::tiler {

inline constexpr std::size_t kMostVarint = 10;

inline std::uint64_t zigzag(std::int64_t value) { return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63); }

inline std::size_t varint_size(std::uint64_t value) {
  std::size_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

/// So far a short block is read and written beyond its end: one move of a register is quicker than a call.
inline constexpr std::size_t kSlack = 16;

class Buffer {
 public:
  void reserve(std::size_t more) {
    if (size_ + more + kSlack > bytes_.size()) bytes_.resize((size_ + more + kSlack) * 2);
  }
  void varint(std::uint64_t value) {
    // By a pointer of its own: writing a char could change any member, as far as the compiler knows.
    char* to = bytes_.data() + size_;
    for (; value >= 0x80; value >>= 7) *to++ = static_cast<char>((value & 0x7f) | 0x80);
    *to++ = static_cast<char>(value);
    size_ = static_cast<std::size_t>(to - bytes_.data());
  }
  void byte(std::uint8_t value) { bytes_[size_++] = static_cast<char>(value); }
  void block(std::string_view block) {
    std::memcpy(bytes_.data() + size_, block.data(), block.size());
    size_ += block.size();
  }
  /// The same for a block behind which kSlack bytes may be read.
  void slack_block(std::string_view block) {
    if (block.size() > kSlack) return this->block(block);
    std::memcpy(bytes_.data() + size_, block.data(), kSlack);
    size_ += block.size();
  }
  void clear() { size_ = 0; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  std::vector<char> bytes_;
  std::size_t size_ = 0;
};

/// Reads what a Buffer wrote: our own bytes, so nothing is checked.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : at_{bytes.data()}, end_{bytes.data() + bytes.size()} {}
  bool at_end() const { return at_ == end_; }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<std::uint8_t>(*at_++);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
  std::string_view block(std::size_t size) {
    const std::string_view block{at_, size};
    at_ += size;
    return block;
  }
  std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

 private:
  const char* at_;
  const char* end_;
};

}  // namespace cairn::tiler
