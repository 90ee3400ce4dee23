#include "tiler/mvt/mvt_writer.hpp"

#define XXH_INLINE_ALL  // a call costs as much as the hash of a short value
#include <xxhash.h>

#include <algorithm>
#include <cassert>
#include <cmath>

namespace cairn::tiler {

std::uint32_t MvtLayer::key_index(std::string_view key) {
  if (next_key_ == keys_.size() || keys_[next_key_] != key) next_key_ = static_cast<std::size_t>(std::ranges::find(keys_, key) - keys_.begin());
  if (next_key_ == keys_.size()) keys_.emplace_back(key);
  return static_cast<std::uint32_t>(next_key_++);
}

/// Of a value that may have come before: it is written when it hasn't.
std::uint32_t MvtLayer::index_of_value(std::string_view field) {
  if (kept_.size() * 2 >= slots_.size()) grow();
  const auto hash = XXH3_64bits(field.data(), field.size());
  const auto mask = slots_.size() - 1;
  for (auto slot = hash & mask;; slot = (slot + 1) & mask) {
    if (slots_[slot] == 0) {
      kept_.push_back({hash, values_.size(), field.size(), value_count_});
      slots_[slot] = static_cast<std::uint32_t>(kept_.size());
      values_.reserve(field.size());
      values_.block(field);
      return value_count_++;
    }
    const auto& kept = kept_[slots_[slot] - 1];
    if (kept.hash == hash && values_.view().substr(kept.offset, kept.size) == field) return kept.index;
  }
}

void MvtLayer::grow() {
  constexpr std::size_t kFirst = 64;
  slots_.assign(std::max(kFirst, slots_.size() * 4), 0);
  const auto mask = slots_.size() - 1;
  for (std::uint32_t i = 0; i < kept_.size(); ++i) {
    auto slot = kept_[i].hash & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = i + 1;
  }
}

void MvtLayer::tag(std::string_view key, const Value& value) {
  field_.clear();
  put_value(field_, value);
  tags_.reserve(2 * kMostVarint);
  tags_.varint(key_index(key));
  tags_.varint(index_of_value(field_.view()));
}

void MvtLayer::text(std::string_view key, std::string_view value) {
  if (!value.empty()) tag(key, value);
}

void MvtLayer::unique_text(std::string_view key, std::string_view value) {
  tags_.reserve(2 * kMostVarint);
  tags_.varint(key_index(key));
  tags_.varint(value_count_++);
  put_value(values_, value);
}

void MvtLayer::whole(std::string_view key, std::int64_t value) { tag(key, value); }

void MvtLayer::real(std::string_view key, double value) {
  assert(std::isfinite(value));
  tag(key, value);
}

void MvtLayer::put_step(TilePoint from, TilePoint to) {
  geometry_.varint(zigzag(std::int64_t{to.x} - from.x));
  geometry_.varint(zigzag(std::int64_t{to.y} - from.y));
}

void MvtLayer::add_point(TilePoint point) {
  geometry_.reserve(3 * kMostVarint);
  geometry_.varint(command_of(Verb::move_to, 1));
  put_step({}, point);
  finish_feature(Geometry::point);
}

void MvtLayer::add_lines(const std::vector<TilePath>& paths) {
  TilePoint cursor;
  for (const auto& path : paths) {
    geometry_.reserve((path.size() + 1) * 2 * kMostVarint);
    geometry_.varint(command_of(Verb::move_to, 1));
    put_step(cursor, path.front());
    geometry_.varint(command_of(Verb::line_to, path.size() - 1));
    for (std::size_t i = 1; i < path.size(); ++i) put_step(path[i - 1], path[i]);
    cursor = path.back();
  }
  finish_feature(Geometry::line);
}

void MvtLayer::finish_feature(Geometry kind) {
  put_feature(features_, kind, tags_.view(), geometry_.view());
  tags_.clear();
  geometry_.clear();
  next_key_ = 0;
}

void MvtLayer::append_to(Bytes& tile) const {
  if (features_.empty()) return;
  Buffer keys;
  for (const auto& key : keys_) put_key(keys, key);
  put_layer(tile, name_, features_.view(), keys.view(), values_.view());
}

}  // namespace cairn::tiler
