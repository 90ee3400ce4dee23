// One DEFLATE block (RFC 1951) with the fixed Huffman codes; matches are found greedily through a table of the last place
// where four bytes hashed alike.
#include "rewards/gzip.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

namespace cairn::rewards {
namespace {

constexpr std::size_t kWindow = 32'768;
constexpr std::size_t kShortestMatch = 4;  // what the table finds; DEFLATE could do 3
constexpr std::size_t kLongestMatch = 258;
constexpr std::size_t kMaxExpansion = 1032;  // DEFLATE's best: 258 bytes from two bits
constexpr std::uint32_t kEndOfBlock = 256;

class BitWriter {
 public:
  explicit BitWriter(std::string& out) : out_{out} {}

  void bits(std::uint32_t value, int count) {
    held_ |= std::uint64_t{value} << count_;
    count_ += count;
    for (; count_ >= 8; count_ -= 8, held_ >>= 8) out_ += static_cast<char>(held_ & 255);
  }
  /// Huffman codes go in from their highest bit.
  void code(std::uint32_t value, int count) {
    std::uint32_t reversed = 0;
    for (int i = 0; i < count; ++i) reversed |= ((value >> i) & 1) << (count - 1 - i);
    bits(reversed, count);
  }
  void flush() { bits(0, (8 - count_ % 8) % 8); }

 private:
  std::string& out_;
  std::uint64_t held_ = 0;
  int count_ = 0;
};

void write_symbol(BitWriter& out, std::uint32_t symbol) {
  if (symbol < 144) return out.code(0x30 + symbol, 8);
  if (symbol < 256) return out.code(0x190 + symbol - 144, 9);
  if (symbol < 280) return out.code(symbol - 256, 7);
  out.code(0xC0 + symbol - 280, 8);
}

/// Lengths come in groups of four codes that share a count of extra bits, distances in groups of two.
void write_match(BitWriter& out, std::size_t length, std::size_t distance) {
  const auto l = static_cast<std::uint32_t>(length - 3);
  if (length == kLongestMatch) {
    write_symbol(out, 285);
  } else if (l < 8) {
    write_symbol(out, 257 + l);
  } else {
    const int extra = std::bit_width(l) - 3;
    write_symbol(out, 257 + 4 * static_cast<std::uint32_t>(extra) + (l >> extra));
    out.bits(l & ((1U << extra) - 1), extra);
  }
  const auto d = static_cast<std::uint32_t>(distance - 1);
  if (d < 4) return out.code(d, 5);
  const int extra = std::bit_width(d) - 2;
  out.code(2 * static_cast<std::uint32_t>(extra) + (d >> extra), 5);
  out.bits(d & ((1U << extra) - 1), extra);
}

std::size_t match_length(std::string_view text, std::size_t earlier, std::size_t here) {
  const auto most = std::min(kLongestMatch, text.size() - here);
  std::size_t length = 0;
  while (length < most && text[earlier + length] == text[here + length]) ++length;
  return length;
}

std::size_t slot_of(std::string_view text, std::size_t at) {
  std::uint32_t four = 0;
  for (std::size_t i = 0; i < 4; ++i) four |= std::uint32_t{static_cast<unsigned char>(text[at + i])} << (8 * i);
  return (four * 2'654'435'761U) >> 17;  // Knuth's multiplicative hash, 15 bits
}

void deflate(std::string_view text, BitWriter& out) {
  constexpr auto never = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> last(1 << 15, never);
  out.bits(0b011, 3);  // the last block, fixed codes
  for (std::size_t here = 0; here < text.size();) {
    std::size_t length = 0, earlier = never;
    if (here + kShortestMatch <= text.size()) {
      earlier = std::exchange(last[slot_of(text, here)], here);
      if (earlier != never && here - earlier <= kWindow) length = match_length(text, earlier, here);
    }
    if (length >= kShortestMatch) {
      write_match(out, length, here - earlier);
      here += length;
    } else {
      write_symbol(out, static_cast<unsigned char>(text[here]));
      ++here;
    }
  }
  write_symbol(out, kEndOfBlock);
  out.flush();
}

std::uint32_t little_endian_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

}  // namespace

std::string gzipped(std::string_view text) {
  if (text.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw std::length_error{"a gzip file of a bundle holds at most 4 GiB; split the epoch into shorter ones"};
  }
  std::string file{"\x1f\x8b\x08\0\0\0\0\0\0\xff", 10};  // DEFLATE, no flags, no time, unknown system
  BitWriter out{file};
  deflate(text, out);
  out.bits(libdeflate_crc32(0, text.data(), text.size()), 32);
  out.bits(static_cast<std::uint32_t>(text.size()), 32);
  return file;
}

std::optional<std::string> gunzipped(std::string_view file) {
  if (file.size() < 18) return std::nullopt;
  const std::size_t size = little_endian_at(file, file.size() - 4);
  if (size / kMaxExpansion > file.size()) return std::nullopt;
  struct Free {
    void operator()(libdeflate_decompressor* decompressor) const { libdeflate_free_decompressor(decompressor); }
  };
  const std::unique_ptr<libdeflate_decompressor, Free> decompressor{libdeflate_alloc_decompressor()};
  if (!decompressor) return std::nullopt;
  std::string text(size, '\0');
  std::size_t used = 0;
  const auto outcome = libdeflate_gzip_decompress_ex(decompressor.get(), file.data(), file.size(), text.data(), text.size(), &used, nullptr);
  if (outcome != LIBDEFLATE_SUCCESS || used != file.size()) return std::nullopt;
  return text;
}

}  // namespace cairn::rewards
