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

class Buffer {
 public:
  void reserve(std::size_t more) {
    if (size_ + more > bytes_.size()) bytes_.resize((size_ + more) * 2);
  }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_[size_++] = static_cast<char>((value & 0x7f) | 0x80);
    bytes_[size_++] = static_cast<char>(value);
  }
  void byte(std::uint8_t value) { bytes_[size_++] = static_cast<char>(value); }
  void block(std::string_view block) {
    std::memcpy(bytes_.data() + size_, block.data(), block.size());
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
