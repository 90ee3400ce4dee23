#include "tiler/mvt/mvt_bytes.hpp"

#include "tiler/mvt/line_run.hpp"

#include <bit>
#include <cstring>

namespace cairn::tiler {
namespace {

// Tags: field number and wire type.
constexpr std::uint8_t kTagOfLayer = 0x1a;
constexpr std::uint8_t kTagOfName = 0x0a, kTagOfFeature = 0x12, kTagOfKey = 0x1a, kTagOfValue = 0x22, kTagOfExtent = 0x28, kTagOfVersion = 0x78;
constexpr std::uint8_t kTagOfTags = 0x12, kTagOfType = 0x18, kTagOfGeometry = 0x22;
constexpr std::uint8_t kTagOfText = 0x0a, kTagOfDouble = 0x19, kTagOfUint = 0x28, kTagOfSint = 0x30, kTagOfBool = 0x38;
constexpr std::uint8_t kVersion = 2;

std::size_t size_of_block(std::string_view block) { return 1 + varint_size(block.size()) + block.size(); }

void put_block(Buffer& to, std::uint8_t tag, std::string_view block) {
  to.byte(tag);
  to.varint(block.size());
  to.block(block);
}

struct ValueWriter {
  Buffer& to;

  void operator()(std::string_view text) {
    begin(size_of_block(text));
    put_block(to, kTagOfText, text);
  }
  void operator()(std::int64_t number) {
    const auto bits = number >= 0 ? static_cast<std::uint64_t>(number) : zigzag(number);
    begin(1 + varint_size(bits));
    to.byte(number >= 0 ? kTagOfUint : kTagOfSint);
    to.varint(bits);
  }
  void operator()(double number) {
    begin(1 + sizeof number);
    to.byte(kTagOfDouble);
    static_assert(std::endian::native == std::endian::little);
    char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    to.block({bytes, sizeof bytes});
  }
  void operator()(bool value) {
    begin(2);
    to.byte(kTagOfBool);
    to.byte(value ? 1 : 0);
  }

 private:
  void begin(std::size_t size) {
    to.reserve(size + 1 + kMostVarint);
    to.byte(kTagOfValue);
    to.varint(size);
  }
};

}  // namespace

void put_key(Buffer& to, std::string_view key) {
  to.reserve(key.size() + 1 + kMostVarint);
  put_block(to, kTagOfKey, key);
}

void put_value(Buffer& to, const Value& value) { std::visit(ValueWriter{to}, value); }

void put_feature(Buffer& to, Geometry kind, std::string_view tags, std::string_view geometry) {
  const auto size = (tags.empty() ? 0 : size_of_block(tags)) + 2 + size_of_block(geometry);
  to.reserve(size + 1 + kMostVarint);
  to.byte(kTagOfFeature);
  to.varint(size);
  if (!tags.empty()) put_block(to, kTagOfTags, tags);
  to.byte(kTagOfType);
  to.byte(static_cast<std::uint8_t>(kind));
  put_block(to, kTagOfGeometry, geometry);
}

void put_layer(Bytes& tile, std::string_view name, std::string_view features, std::string_view keys, std::string_view values) {
  Buffer head;
  head.reserve(name.size() + 8 * kMostVarint);
  head.byte(kTagOfLayer);
  head.varint(2 + size_of_block(name) + features.size() + keys.size() + values.size() + 1 + varint_size(kExtent));
  head.byte(kTagOfVersion);
  head.byte(kVersion);
  put_block(head, kTagOfName, name);
  Buffer tail;
  tail.reserve(1 + kMostVarint);
  tail.byte(kTagOfExtent);
  tail.varint(kExtent);
  for (const auto part : {head.view(), features, keys, values, tail.view()}) {
    const auto bytes = bytes_of(part);
    tile.insert(tile.end(), bytes.begin(), bytes.end());
  }
}

}  // namespace cairn::tiler
