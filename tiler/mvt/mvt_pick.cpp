#include "tiler/mvt/mvt_pick.hpp"

#include "tiler/mvt/line_run.hpp"
#include "tiler/mvt/mvt_fields.hpp"
#include "tiler/mvt/mvt_writer.hpp"

#include <protozero/pbf_reader.hpp>

#include <map>
#include <optional>
#include <string>
#include <variant>

namespace cairn::tiler {
namespace {

using PickedValue = std::variant<std::monostate, std::string, std::int64_t, double>;

/// Of the four types that our writer uses.
PickedValue value_from(protozero::pbf_reader value) {
  if (!value.next()) return {};
  switch (value.tag()) {
    case kValueText: return value.get_string();
    case kValueDouble: return value.get_double();
    case kValueUint: return static_cast<std::int64_t>(value.get_uint64());
    case kValueSint: return value.get_sint64();
    default: return {};
  }
}

struct PickedLayer {
  std::string name;
  std::vector<std::string> keys;
  std::vector<PickedValue> values;
  std::vector<protozero::data_view> features;
};

PickedLayer picked_layer_from(protozero::pbf_reader reader) {
  PickedLayer layer;
  while (reader.next()) {
    switch (reader.tag()) {
      case kLayerName: layer.name = reader.get_string(); break;
      case kLayerKey: layer.keys.push_back(reader.get_string()); break;
      case kLayerValue: layer.values.push_back(value_from(reader.get_message())); break;
      case kLayerFeature: layer.features.push_back(reader.get_view()); break;
      default: reader.skip();
    }
  }
  return layer;
}

struct PickedFeature {
  int type = 0;
  std::vector<std::uint32_t> tags, geometry;
};

PickedFeature feature_from(protozero::data_view view) {
  PickedFeature feature;
  const auto all = [](const auto& range) { return std::vector<std::uint32_t>(range.begin(), range.end()); };
  for (protozero::pbf_reader reader{view}; reader.next();) {
    switch (reader.tag()) {
      case kFeatureTags: feature.tags = all(reader.get_packed_uint32()); break;
      case kFeatureType: feature.type = reader.get_enum(); break;
      case kFeatureGeometry: feature.geometry = all(reader.get_packed_uint32()); break;
      default: reader.skip();
    }
  }
  return feature;
}

/// Where a part's positions lie in the tile above it.
struct Placement {
  std::int64_t left = 0, top = 0;
  int shift = 0;

  Placement(TileId part, TileId into) : shift{part.zoom() - into.zoom()} {
    left = (std::int64_t{part.x()} - (std::int64_t{into.x()} << shift)) * kExtent;
    top = (std::int64_t{part.y()} - (std::int64_t{into.y()} << shift)) * kExtent;
  }
  TilePoint of(TilePoint point) const { return {static_cast<std::int32_t>((left + point.x) >> shift), static_cast<std::int32_t>((top + point.y) >> shift)}; }
};

/// Paths of move-to and line-to commands, steps of no length left out.
std::vector<TilePath> paths_from(const std::vector<std::uint32_t>& geometry, const Placement& placement) {
  std::vector<TilePath> paths;
  TilePoint cursor;
  for (std::size_t i = 0; i < geometry.size();) {
    const bool begins = (geometry[i] & 7) == 1;
    auto count = geometry[i++] >> 3;
    for (; count > 0 && i + 1 < geometry.size(); --count, i += 2) {
      cursor = {cursor.x + protozero::decode_zigzag32(geometry[i]), cursor.y + protozero::decode_zigzag32(geometry[i + 1])};
      const auto point = placement.of(cursor);
      if (begins || paths.empty()) paths.push_back({point});
      else if (paths.back().back() != point) paths.back().push_back(point);
    }
  }
  return paths;
}

/// Features of one layer name, from all parts.
class Pick {
 public:
  Pick(std::string_view key, std::string_view value) : key_{key}, value_{value} {}

  void add(const PickedLayer& layer, const Placement& placement) {
    for (const auto view : layer.features) {
      const auto feature = feature_from(view);
      if (!is_wanted(layer, feature) || (feature.type != kLineString && (feature.type != kPoint || placement.shift > 0))) continue;
      auto paths = paths_from(feature.geometry, placement);
      if (paths.empty()) continue;
      auto& into = layers_.try_emplace(layer.name, layer.name).first->second;
      copy_attributes(layer, feature, into);
      if (feature.type == kPoint) {
        into.add_point(paths.front().front());
        continue;
      }
      // What shrinks to a point is shown as the shortest line.
      for (auto& path : paths) {
        if (path.size() == 1) path.push_back({path[0].x + 1, path[0].y});
      }
      into.add_lines(paths);
    }
  }

  Bytes tile() const {
    Bytes bytes;
    for (const auto& [name, layer] : layers_) layer.append_to(bytes);
    return bytes;
  }

 private:
  bool is_wanted(const PickedLayer& layer, const PickedFeature& feature) const {
    for (std::size_t i = 0; i + 1 < feature.tags.size(); i += 2) {
      if (layer.keys.at(feature.tags[i]) != key_) continue;
      const auto* text = std::get_if<std::string>(&layer.values.at(feature.tags[i + 1]));
      return text && *text == value_;
    }
    return false;
  }

  static void copy_attributes(const PickedLayer& layer, const PickedFeature& feature, MvtLayer& into) {
    for (std::size_t i = 0; i + 1 < feature.tags.size(); i += 2) {
      const auto& key = layer.keys.at(feature.tags[i]);
      const auto& value = layer.values.at(feature.tags[i + 1]);
      if (const auto* text = std::get_if<std::string>(&value)) into.text(key, *text);
      if (const auto* whole = std::get_if<std::int64_t>(&value)) into.whole(key, *whole);
      if (const auto* real = std::get_if<double>(&value)) into.real(key, *real);
    }
  }

  std::string_view key_, value_;
  std::map<std::string, MvtLayer> layers_;
};

}  // namespace

Bytes picked_features(const std::vector<TilePart>& parts, TileId into, std::string_view key, std::string_view value) {
  Pick pick{key, value};
  for (const auto& part : parts) {
    for (protozero::pbf_reader tile{reinterpret_cast<const char*>(part.mvt.data()), part.mvt.size()}; tile.next(kTileLayer);)
      pick.add(picked_layer_from(tile.get_message()), Placement{part.tile, into});
  }
  return pick.tile();
}

}  // namespace cairn::tiler
