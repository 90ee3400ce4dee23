#include "tests/tiler/town.hpp"

#include "tests/tiler/picture.hpp"
#include "tiler/mvt/mvt_check.hpp"

#include <protozero/pbf_reader.hpp>

#include <algorithm>
#include <sstream>

namespace cairn::tiler::testing {
namespace {

constexpr WorldPoint kCorner{2305u << 20, 1344u << 20};  // the corner of four tiles of zoom 12 and deeper

UtcTime random_time(Random& random) { return time_from_micros(random.whole(1'700'000'000, 1'750'000'000) * 1'000'000); }

template <class IdType>
IdType random_id(Random& random, const char* kind) {
  return IdType::derived_from({kind, std::to_string(random.whole(0, 1'000'000'000'000))});
}

LatLon stepped(LatLon place, Random& random) { return moved(place, {random.between(-60, 60), random.between(-60, 60)}); }

std::string value_text(protozero::pbf_reader value) {
  std::ostringstream text;
  while (value.next()) {
    switch (value.tag()) {
      case 1: text << value.get_string(); break;
      case 3: text << value.get_double(); break;
      case 5: text << value.get_uint64(); break;
      case 6: text << value.get_sint64(); break;
      default: throw std::runtime_error{"a kind of value that is never written"};
    }
  }
  return text.str();
}

std::vector<std::pair<int, int>> positions_of(const std::vector<std::uint32_t>& commands) {
  std::vector<std::pair<int, int>> positions;
  int x = 0;
  int y = 0;
  for (std::size_t i = 0; i < commands.size();) {
    const auto count = commands[i++] >> 3;
    for (std::uint32_t left = count; left > 0; --left, i += 2) {
      x += protozero::decode_zigzag32(commands.at(i));
      y += protozero::decode_zigzag32(commands.at(i + 1));
      positions.emplace_back(x, y);
    }
  }
  return positions;
}

std::vector<ReadFeature> read_layer(protozero::pbf_reader layer, std::string& name) {
  std::vector<std::string> keys;
  std::vector<std::string> values;
  std::vector<protozero::pbf_reader> features;
  while (layer.next()) {
    switch (layer.tag()) {
      case 1: name = layer.get_string(); break;
      case 2: features.push_back(layer.get_message()); break;
      case 3: keys.push_back(layer.get_string()); break;
      case 4: values.push_back(value_text(layer.get_message())); break;
      default: layer.skip();
    }
  }
  std::vector<ReadFeature> result;
  for (auto feature : features) {
    ReadFeature read;
    while (feature.next()) {
      const auto field = feature.tag();
      if (field == 3) {
        read.geometry_type = feature.get_enum();
        continue;
      }
      const auto range = feature.get_packed_uint32();
      const std::vector<std::uint32_t> numbers(range.begin(), range.end());
      if (field == 4) read.positions = positions_of(numbers);
      for (std::size_t i = 0; field == 2 && i < numbers.size(); i += 2) {
        read.attributes[keys.at(numbers[i])] = values.at(numbers[i + 1]);
      }
    }
    result.push_back(std::move(read));
  }
  return result;
}

}  // namespace

LatLon place_in_town(Random& random) {
  const auto spread = [&] { return static_cast<std::uint32_t>(random.whole(-400'000, 400'000)); };
  return place_of({kCorner.x + spread(), kCorner.y + spread()});
}

FrameItem random_frame(Random& random) {
  FrameItem frame;
  frame.id = random_id<FrameId>(random, "frame");
  frame.sequence = SequenceId::derived_from({"sequence", std::to_string(random.whole(0, 20))});
  frame.account = AccountId::derived_from({"account", std::to_string(random.whole(0, 5))});
  frame.taken_at = random_time(random);
  frame.place = place_in_town(random);
  frame.heading_deg = random.between(0, 360);
  frame.accuracy_m = random.between(0, 20);
  frame.quality = random.between(0, 1);
  frame.camera_model = random.whole(0, 2) == 0 ? "" : "camera " + std::to_string(random.whole(0, 3));
  frame.projection = random.whole(0, 3) == 0 ? Projection::equirectangular : Projection::flat;
  frame.width_px = 3264;
  frame.fov_deg = random.between(0, 120);
  return frame;
}

WholeSequence random_sequence(Random& random, int vertices) {
  WholeSequence whole;
  whole.item.id = random_id<SequenceId>(random, "sequence");
  whole.item.account = AccountId::derived_from({"account", std::to_string(random.whole(0, 5))});
  whole.item.first_taken_at = random_time(random);
  whole.item.camera_model = "camera";
  whole.item.accuracy_m = random.between(0, 20);
  whole.item.width_px = 1920;
  whole.item.fov_deg = 90;
  std::vector<LatLon> places{place_in_town(random)};
  while (static_cast<int>(places.size()) < vertices) places.push_back(stepped(places.back(), random));
  const auto zooms = significance_of(places);
  for (std::size_t i = 0; i < places.size(); ++i) whole.line.push_back({static_cast<int>(i), places[i], zooms[i]});
  return whole;
}

Feature random_feature(Random& random) {
  Feature feature;
  feature.id = random_id<FeatureId>(random, "feature");
  feature.object = kObjectClasses[static_cast<std::size_t>(random.whole(0, 5))];
  feature.state = random.whole(0, 1) == 0 ? FeatureState::seen : FeatureState::confirmed;
  feature.place = place_in_town(random);
  feature.accuracy_m = random.between(0, 10);
  if (random.whole(0, 1) == 0) feature.facing_deg = random.between(0, 360);
  feature.existence = random.between(0, 1);
  feature.first_seen = random_time(random);
  feature.last_seen = feature.first_seen + std::chrono::hours{random.whole(0, 5000)};
  feature.views = static_cast<int>(random.whole(1, 100));
  feature.contributors = static_cast<int>(random.whole(1, 5));
  return feature;
}

CoverageItem random_coverage(Random& random) {
  CoverageItem seen;
  seen.cell = static_cast<std::uint64_t>(random.whole(0, 1'000'000'000'000));
  seen.octant = static_cast<int>(random.whole(0, 7));
  seen.place = place_in_town(random);
  seen.last_seen = random_time(random);
  seen.passes = static_cast<int>(random.whole(1, 30));
  return seen;
}

Town random_town(Random& random, int size) {
  Town town;
  for (int i = 0; i < size; ++i) {
    town.frames.push_back(random_frame(random));
    town.features.push_back(random_feature(random));
    town.coverage.push_back(random_coverage(random));
    if (i % 8 == 0) town.sequences.push_back(random_sequence(random, static_cast<int>(random.whole(1, 80))));
  }
  return town;
}

BaseItems Town::items_in(TileId tile) const {
  BaseItems items;
  const auto inside = [tile](const auto& item) { return tile_of(item.place, tile.zoom()) == tile; };
  std::ranges::copy_if(frames, std::back_inserter(items.frames), inside);
  std::ranges::copy_if(features, std::back_inserter(items.features), inside);
  std::ranges::copy_if(coverage, std::back_inserter(items.coverage), inside);
  for (const auto& whole : sequences) {
    auto item = whole.item;
    item.vertices = line_in_tile(whole.line, tile);
    if (!item.vertices.empty()) items.sequences.push_back(std::move(item));
  }
  return items;
}

std::vector<TileId> Town::base_tiles(TileSet set) const {
  std::vector<TileId> tiles;
  const auto add = [&](const std::vector<TileId>& more) { tiles.insert(tiles.end(), more.begin(), more.end()); };
  add(base_tiles_touched(set, frames));
  add(base_tiles_touched(set, features));
  add(base_tiles_touched(set, coverage));
  for (const auto& whole : sequences) add(base_tiles_touched(set, whole.line));
  return tiles;
}

FrameItem a_frame() {
  FrameItem frame;
  frame.id = *FrameId::parse("afbb1f09-de2b-4ab6-8885-adbb2c15a599");
  frame.sequence = *SequenceId::parse("b13f38a7-83ac-4d3c-8a0a-98b92a98c59c");
  frame.account = *AccountId::parse("dee51b01-9650-49e2-8fa1-7e087984e766");
  frame.taken_at = *time_from_iso8601("2014-06-07T08:26:31.633Z");
  frame.place = *LatLon::from_degrees(55.698167, 13.195389);
  frame.heading_deg = 339.4;
  frame.accuracy_m = 15;
  frame.quality = 0.9;
  frame.camera_model = "Apple iPhone4,1";
  frame.width_px = 3264;
  frame.fov_deg = 181.3;
  return frame;
}

Feature a_feature() {
  Feature feature;
  feature.id = *FeatureId::parse("0c7d1c0e-9f4e-8a51-9a52-1f3b6a4c2d10");
  feature.object = ObjectClass::traffic_light;
  feature.state = FeatureState::confirmed;
  feature.place = *LatLon::from_degrees(55.698167, 13.195389);
  feature.accuracy_m = 1.26;
  feature.facing_deg = 359.7;
  feature.existence = 0.934;
  feature.first_seen = *time_from_iso8601("2024-02-28T23:59:59Z");
  feature.last_seen = *time_from_iso8601("2024-02-29T00:00:00Z");
  feature.views = 12;
  feature.contributors = 3;
  return feature;
}

std::map<std::string, std::vector<ReadFeature>> read_tile(ByteView mvt) {
  std::map<std::string, std::vector<ReadFeature>> layers;
  const auto bytes = text_of(mvt);
  protozero::pbf_reader tile{bytes.data(), bytes.size()};
  while (tile.next(3)) {
    std::string name;
    auto features = read_layer(tile.get_message(), name);
    layers[name] = std::move(features);
  }
  return layers;
}

std::vector<std::string> problems_of_tile(TileSet set, ByteView tile) {
  if (format_of(set) == TileFormat::mvt) return problems_of_mvt(tile);
  try {
    const auto picture = read_picture(tile);
    if (picture.width != 256 || picture.height != 256) return {"it is not 256 pixels wide and high"};
  } catch (const std::runtime_error& error) {
    return {error.what()};
  }
  return {};
}

}  // namespace cairn::tiler::testing
