#include "ingest/heif_claims.hpp"

#include <limits>
#include <optional>
#include <string_view>

namespace cairn::ingest {
namespace {

constexpr auto kUnreadable = std::numeric_limits<std::uint64_t>::max();

/// Takes whole numbers, highest byte first, off the front of bytes; past the end they are 0 and ok() is false.
class Numbers {
 public:
  explicit Numbers(ByteView bytes) : rest_{bytes} {}
  std::uint64_t next(std::size_t size) {
    if (size > rest_.size()) ok_ = false;
    if (!ok_) return 0;
    std::uint64_t value = 0;
    for (const auto byte : rest_.first(size)) value = value << 8 | std::to_integer<std::uint64_t>(byte);
    rest_ = rest_.subspan(size);
    return value;
  }
  bool ok() const { return ok_; }
  ByteView rest() const { return rest_; }

 private:
  ByteView rest_;
  bool ok_ = true;
};

struct FoundBox {
  std::string_view type;
  ByteView content;
  ByteView after;
};

/// The first box of these bytes; nothing at their end or where its size is nonsense.
std::optional<FoundBox> first_box(ByteView bytes) {
  Numbers numbers{bytes};
  auto size = numbers.next(4);
  numbers.next(4);  // its type
  if (size == 1) size = numbers.next(8);
  if (size == 0) size = bytes.size();
  const auto header = bytes.size() - numbers.rest().size();
  if (!numbers.ok() || size < header || size > bytes.size()) return std::nullopt;
  return FoundBox{text_of(bytes).substr(4, 4), bytes.subspan(header, size - header), bytes.subspan(size)};
}

std::uint64_t claimed_by_locations(ByteView box) {
  Numbers numbers{box};
  const auto version = numbers.next(1);
  numbers.next(3);
  const auto sizes = numbers.next(2);  // four of 4 bits: of an offset, a length, a base, an index
  const auto offset = sizes >> 12 & 15, length = sizes >> 8 & 15, base = sizes >> 4 & 15,
             index = version == 0 ? 0 : sizes & 15;
  if (version > 2 || offset > 8 || length > 8 || base > 8 || index > 8) return kUnreadable;
  const auto items = numbers.next(version == 2 ? 4 : 2);
  std::uint64_t sum = 0;
  for (std::uint64_t item = 0; item < items && numbers.ok(); ++item) {
    numbers.next((version == 2 ? 4 : 2) + (version == 0 ? 0 : 2) + 2);
    numbers.next(base);
    const auto extents = numbers.next(2);
    for (std::uint64_t extent = 0; extent < extents && numbers.ok(); ++extent) {
      numbers.next(index);
      numbers.next(offset);
      const auto bytes = numbers.next(length);
      sum = bytes > kUnreadable - sum ? kUnreadable : sum + bytes;
    }
  }
  return numbers.ok() ? sum : kUnreadable;
}

/// Of all boxes of this type that stand side by side: what they claim together.
template <class Claim>
std::uint64_t sum_over(ByteView bytes, std::string_view type, const Claim& claim) {
  std::uint64_t sum = 0;
  while (const auto box = first_box(bytes)) {
    const auto more = box->type == type ? claim(box->content) : 0;
    sum = more > kUnreadable - sum ? kUnreadable : sum + more;
    bytes = box->after;
  }
  return sum;
}

}  // namespace

std::uint64_t claimed_bytes_of(ByteView heif) {
  return sum_over(heif, "meta", [](ByteView meta) {
    return meta.size() < 4 ? kUnreadable : sum_over(meta.subspan(4), "iloc", claimed_by_locations);
  });
}

}  // namespace cairn::ingest
