#include "tiler/bulk/layer_writer.hpp"

#include <utility>

namespace cairn::tiler::bulk {

LayerWriter::LayerWriter(std::string name, const Vocabulary& vocabulary)
    : name_{std::move(name)}, vocabulary_{vocabulary}, key_places_(vocabulary.keys()), value_places_(vocabulary.values()) {}

/// Of a word that may have come before in this tile: it is written when it hasn't.
std::uint32_t LayerWriter::index_of(Place& place, std::string_view field, std::uint32_t& count, Buffer& fields) const {
  if (place.tile != tile_) {
    place = {tile_, count++};
    fields.reserve(field.size());
    fields.slack_block(field);
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
    const auto word = static_cast<std::uint32_t>((key >> 1) - 1);
    tags_.varint(index_of(key_places_[word], vocabulary_.key_field(word), key_count_, keys_));
    if (key & 1) {
      const auto field = cursor.block(cursor.varint());
      values_.reserve(field.size());
      values_.slack_block(field);
      tags_.varint(value_count_++);
    } else {
      const auto value = static_cast<std::uint32_t>(cursor.varint());
      tags_.varint(index_of(value_places_[value], vocabulary_.value_field(value), value_count_, values_));
    }
  }
}

void LayerWriter::add(Geometry kind, std::string_view geometry, std::string_view attributes) {
  put_tags(attributes);
  put_feature(features_, kind, tags_.view(), geometry);
  ++count_;
}

void LayerWriter::finish_into(Bytes& tile) {
  if (count_ == 0) return;
  put_layer(tile, name_, features_.view(), keys_.view(), values_.view());
  for (auto* buffer : {&features_, &keys_, &values_}) buffer->clear();
  key_count_ = value_count_ = 0;
  count_ = 0;
  ++tile_;
}

}  // namespace cairn::tiler::bulk
