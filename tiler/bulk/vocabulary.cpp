#include "tiler/bulk/vocabulary.hpp"

#define XXH_INLINE_ALL  // a call costs as much as the hash of a short value
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::tiler::bulk {
namespace {

constexpr std::array kKinds{"String", "Number", "Number", "Boolean"};  ///< in the order of Value's alternatives

std::string key_field_of(std::string_view name) {
  Buffer field;
  put_key(field, name);
  return std::string{field.view()};
}

}  // namespace

Vocabulary::Column* Vocabulary::column_of(std::string_view key, std::size_t position) {
  // Features of one source name their attributes in one order.
  if (position < columns_.size() && columns_[position].name == key) return &columns_[position];
  const auto [entry, is_new] = index_of_key_.try_emplace(std::string{key}, static_cast<std::uint32_t>(columns_.size()));
  if (!is_new) return &columns_[entry->second];
  if (columns_.size() == kMostKeys) {
    index_of_key_.erase(entry);
    return nullptr;
  }
  columns_.push_back({std::string{key}, key_field_of(key), {}});
  return &columns_.back();
}

std::uint64_t Vocabulary::pack(const std::vector<Attribute>& attributes, Buffer& to) {
  ++features_;
  std::uint64_t says = 0;
  std::size_t count = 0;
  const auto counted = std::min(attributes.size(), kMostKeys);
  left_out_ += attributes.size() - counted;
  to.reserve(kMostVarint);
  to.varint(counted);
  for (const auto& attribute : attributes) {
    if (count == counted) break;
    auto* column = column_of(attribute.key, count);
    ++count;
    if (!column || std::exchange(column->last_in, features_) == features_) {
      ++left_out_;
      to.reserve(1);
      to.byte(0);
      continue;
    }
    column->kind = kKinds[attribute.value.index()];
    field_.clear();
    put_value(field_, attribute.value);
    const auto hash = XXH3_64bits(field_.view().data(), field_.size());
    says = says * 0x9e3779b97f4a7c15 + hash;
    const auto key = static_cast<std::uint64_t>(column - columns_.data()) + 1;
    to.reserve(field_.size() + 2 * kMostVarint);
    if (column->mostly_own() && features_ % kSample != 0) {
      to.varint(key << 1 | 1);
      to.varint(field_.size());
      to.slack_block(field_.view());
    } else {
      to.varint(key << 1);
      to.varint(intern(hash, *column));
    }
  }
  return says;
}

std::uint32_t Vocabulary::intern(std::uint64_t hash, Column& column) {
  ++column.looked_up;
  if (values_.size() * 2 >= slots_.size()) grow();
  const auto mask = slots_.size() - 1;
  for (auto slot = hash & mask;; slot = (slot + 1) & mask) {
    if (slots_[slot] == 0) {
      values_.push_back({hash, fields_.size(), static_cast<std::uint32_t>(field_.size())});
      fields_.reserve(field_.size());
      fields_.block(field_.view());
      slots_[slot] = static_cast<std::uint32_t>(values_.size());
      ++column.distinct;
      return slots_[slot] - 1;
    }
    const auto value = slots_[slot] - 1;
    if (values_[value].hash == hash && value_field(value) == field_.view()) return value;
  }
}

void Vocabulary::grow() {
  slots_.assign(std::max<std::size_t>(1024, slots_.size() * 2), 0);
  const auto mask = slots_.size() - 1;
  for (std::uint32_t value = 0; value < values_.size(); ++value) {
    auto slot = values_[value].hash & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = value + 1;
  }
}

std::vector<std::pair<std::string, std::string_view>> Vocabulary::fields() const {
  std::vector<std::pair<std::string, std::string_view>> fields;
  for (const auto& column : columns_) fields.emplace_back(column.name, column.kind);
  return fields;
}

}  // namespace cairn::tiler::bulk
