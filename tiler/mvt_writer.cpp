#include "tiler/mvt_writer.hpp"

#include "tiler/line_run.hpp"
#include "tiler/mvt_fields.hpp"

#include <protozero/pbf_writer.hpp>

#include <algorithm>
#include <cassert>
#include <cmath>

namespace cairn::tiler {
namespace {

constexpr std::uint32_t kMoveTo = 1;
constexpr std::uint32_t kLineTo = 2;

std::uint32_t command(std::uint32_t id, std::size_t count) { return id | (static_cast<std::uint32_t>(count) << 3); }

void put_step(std::vector<std::uint32_t>& geometry, TilePoint from, TilePoint to) {
  geometry.push_back(protozero::encode_zigzag32(to.x - from.x));
  geometry.push_back(protozero::encode_zigzag32(to.y - from.y));
}

std::string text_value(std::string_view text) {
  std::string value;
  protozero::pbf_writer{value}.add_string(kValueText, text.data(), text.size());
  return value;
}

}  // namespace

std::uint32_t MvtLayer::key_index(std::string_view key) {
  const auto index = static_cast<std::uint32_t>(std::ranges::find(keys_, key) - keys_.begin());
  if (index == keys_.size()) keys_.emplace_back(key);
  return index;
}

void MvtLayer::tag(std::string_view key, std::string&& value) {
  tags_.push_back(key_index(key));
  const auto [entry, is_new] = index_of_value_.try_emplace(std::move(value), static_cast<std::uint32_t>(values_.size()));
  if (is_new) values_.push_back(entry->first);
  tags_.push_back(entry->second);
}

void MvtLayer::text(std::string_view key, std::string_view value) {
  if (!value.empty()) tag(key, text_value(value));
}

void MvtLayer::unique_text(std::string_view key, std::string_view value) {
  tags_.push_back(key_index(key));
  tags_.push_back(static_cast<std::uint32_t>(values_.size()));
  values_.push_back(text_value(value));
}

void MvtLayer::whole(std::string_view key, std::int64_t number) {
  std::string value;
  protozero::pbf_writer writer{value};
  if (number >= 0) {
    writer.add_uint64(kValueUint, static_cast<std::uint64_t>(number));
  } else {
    writer.add_sint64(kValueSint, number);
  }
  tag(key, std::move(value));
}

void MvtLayer::real(std::string_view key, double number) {
  assert(std::isfinite(number));
  std::string value;
  protozero::pbf_writer{value}.add_double(kValueDouble, number);
  tag(key, std::move(value));
}

void MvtLayer::add_point(TilePoint point) {
  std::vector<std::uint32_t> geometry{command(kMoveTo, 1)};
  put_step(geometry, {}, point);
  add_feature(kPoint, geometry);
}

void MvtLayer::add_lines(const std::vector<TilePath>& paths) {
  std::vector<std::uint32_t> geometry;
  TilePoint cursor;
  for (const auto& path : paths) {
    geometry.push_back(command(kMoveTo, 1));
    put_step(geometry, cursor, path.front());
    geometry.push_back(command(kLineTo, path.size() - 1));
    for (std::size_t i = 1; i < path.size(); ++i) put_step(geometry, path[i - 1], path[i]);
    cursor = path.back();
  }
  add_feature(kLineString, geometry);
}

void MvtLayer::add_feature(int geometry_type, const std::vector<std::uint32_t>& geometry) {
  protozero::pbf_writer layer{features_};
  {
    protozero::pbf_writer feature{layer, kLayerFeature};
    if (!tags_.empty()) feature.add_packed_uint32(kFeatureTags, tags_.begin(), tags_.end());
    feature.add_enum(kFeatureType, geometry_type);
    feature.add_packed_uint32(kFeatureGeometry, geometry.begin(), geometry.end());
  }
  tags_.clear();
}

void MvtLayer::append_to(Bytes& tile) const {
  if (features_.empty()) return;
  std::string head;
  {
    protozero::pbf_writer layer{head};
    layer.add_uint32(kLayerVersion, 2);
    layer.add_string(kLayerName, name_);
  }
  std::string tail;
  {
    protozero::pbf_writer layer{tail};
    for (const auto& key : keys_) layer.add_string(kLayerKey, key);
    for (const auto& value : values_) layer.add_message(kLayerValue, value);
    layer.add_uint32(kLayerExtent, kExtent);
  }
  std::string frame;
  protozero::add_varint_to_buffer(&frame, (kTileLayer << 3) | 2);
  protozero::add_varint_to_buffer(&frame, head.size() + features_.size() + tail.size());
  for (const std::string_view part : {std::string_view{frame}, std::string_view{head}, std::string_view{features_}, std::string_view{tail}}) {
    const auto bytes = bytes_of(part);
    tile.insert(tile.end(), bytes.begin(), bytes.end());
  }
}

}  // namespace cairn::tiler
