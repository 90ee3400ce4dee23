#include "tiler/bulk/layer_writer.hpp"

#include <utility>

namespace cairn::tiler::bulk {
namespace {

// Tags (field number and wire type) of vector_tile.proto 2.1.
constexpr std::uint8_t kTileLayer = 0x1a, kLayerName = 0x0a, kLayerFeature = 0x12, kLayerExtent = 0x28, kLayerVersion = 0x78;
constexpr std::uint8_t kFeatureTags = 0x12, kFeatureType = 0x18, kFeatureGeometry = 0x22;
constexpr std::uint8_t kVersion = 2;

}  // namespace

LayerWriter::LayerWriter(std::string name, const Vocabulary& vocabulary)
    : name_{std::move(name)}, vocabulary_{vocabulary}, key_places_(vocabulary.keys()), value_places_(vocabulary.values()) {}

std::uint32_t LayerWriter::key_index(std::uint32_t key) {
  auto& place = key_places_[key];
  if (place.tile != tile_) {
    place = {tile_, key_count_++};
    const auto field = vocabulary_.key_field(key);
    keys_.reserve(field.size());
    keys_.block(field);
  }
  return place.index;
}

std::uint32_t LayerWriter::value_index(std::uint32_t value) {
  auto& place = value_places_[value];
  if (place.tile != tile_) {
    place = {tile_, value_count_++};
    const auto field = vocabulary_.value_field(value);
    values_.reserve(field.size());
    values_.block(field);
  }
  return place.index;
}

void LayerWriter::put_tags(std::string_view attributes) {
  tags_.clear();
  Cursor cursor{attributes};
  const auto count = cursor.varint();
  tags_.reserve(count * 2 * kMostVarint);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto key = cursor.varint();
    if (key == 0) continue;
    tags_.varint(key_index(static_cast<std::uint32_t>((key >> 1) - 1)));
    if (key & 1) {
      const auto field = cursor.block(cursor.varint());
      values_.reserve(field.size());
      values_.block(field);
      tags_.varint(value_count_++);
    } else {
      tags_.varint(value_index(static_cast<std::uint32_t>(cursor.varint())));
    }
  }
}

void LayerWriter::add(Geometry kind, std::string_view geometry, std::string_view attributes) {
  put_tags(attributes);
  const auto tags = tags_.empty() ? 0 : 1 + varint_size(tags_.size()) + tags_.size();
  const auto size = tags + 2 + 1 + varint_size(geometry.size()) + geometry.size();
  features_.reserve(size + 2 * kMostVarint);
  features_.byte(kLayerFeature);
  features_.varint(size);
  if (tags != 0) {
    features_.byte(kFeatureTags);
    features_.varint(tags_.size());
    features_.block(tags_.view());
  }
  features_.byte(kFeatureType);
  features_.byte(static_cast<std::uint8_t>(kind));
  features_.byte(kFeatureGeometry);
  features_.varint(geometry.size());
  features_.block(geometry);
  ++count_;
}

void LayerWriter::finish_into(Bytes& tile) {
  if (count_ == 0) return;
  Buffer head;
  head.reserve(name_.size() + 8 * kMostVarint);
  const auto extent = 1 + varint_size(kExtent);
  const auto size = 2 + 1 + varint_size(name_.size()) + name_.size() + features_.size() + keys_.size() + values_.size() + extent;
  head.byte(kTileLayer);
  head.varint(size);
  head.byte(kLayerVersion);
  head.byte(kVersion);
  head.byte(kLayerName);
  head.varint(name_.size());
  head.block(name_);
  Buffer tail;
  tail.reserve(1 + kMostVarint);
  tail.byte(kLayerExtent);
  tail.varint(kExtent);
  for (const auto& part : {head.view(), features_.view(), keys_.view(), values_.view(), tail.view()}) {
    const auto bytes = bytes_of(part);
    tile.insert(tile.end(), bytes.begin(), bytes.end());
  }
  for (auto* buffer : {&features_, &keys_, &values_}) buffer->clear();
  key_count_ = value_count_ = 0;
  count_ = 0;
  ++tile_;
}

}  // namespace cairn::tiler::bulk
