#include "tiler/mvt_check.hpp"

#include "tiler/mvt_geometry_check.hpp"
#include "tiler/text_form.hpp"

#include <protozero/pbf_reader.hpp>

#include <set>
#include <stdexcept>

namespace cairn::tiler {
namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;

/// Ends the check of one layer or tile: what follows can't be trusted.
struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

constexpr std::size_t kMostProblems = 100;  // enough to see what is wrong; a broken tile can have thousands
constexpr protozero::pbf_tag_type kFirstExtension = 16;

struct Layer {
  std::string name;
  bool has_name = false;
  bool has_version = false;
  bool has_extent = false;
  std::uint64_t keys = 0;
  std::uint64_t values = 0;
  std::vector<protozero::data_view> features;
};

void expect(const pbf_reader& message, pbf_wire_type type, const char* field) {
  if (message.wire_type() != type) throw Broken{std::string{field} + " has the wrong wire type"};
}

std::string text_from(pbf_reader& message, const char* field) {
  expect(message, pbf_wire_type::length_delimited, field);
  auto text = message.get_string();
  if (!is_utf8(text)) throw Broken{std::string{field} + " is not UTF-8"};
  return text;
}

std::uint64_t number_from(pbf_reader& message, const char* field) {
  expect(message, pbf_wire_type::varint, field);
  return message.get_uint64();
}

void once(bool& seen, const char* field) {
  if (seen) throw Broken{std::string{field} + " stands twice"};
  seen = true;
}

/// Exactly one of the seven kinds of value, with its own wire type.
void check_value(pbf_reader value) {
  int found = 0;
  while (value.next()) {
    ++found;
    switch (value.tag()) {
      case 1: text_from(value, "a text value"); break;
      case 2: expect(value, pbf_wire_type::fixed32, "a float value"); value.skip(); break;
      case 3: expect(value, pbf_wire_type::fixed64, "a double value"); value.skip(); break;
      case 4: case 5: case 6: number_from(value, "a whole value"); break;
      case 7: if (number_from(value, "a truth value") > 1) throw Broken{"a truth value is neither 0 nor 1"}; break;
      default: throw Broken{"a value has the unknown field " + std::to_string(value.tag())};
    }
  }
  if (found != 1) throw Broken{"a value holds " + std::to_string(found) + " values"};
}

Layer layer_from(pbf_reader message) {
  Layer layer;
  while (message.next()) {
    switch (message.tag()) {
      case 1: once(layer.has_name, "the layer's name"); layer.name = text_from(message, "the layer's name"); break;
      case 2: expect(message, pbf_wire_type::length_delimited, "a feature"); layer.features.push_back(message.get_view()); break;
      case 3: text_from(message, "a key"); ++layer.keys; break;
      case 4: expect(message, pbf_wire_type::length_delimited, "a value"); check_value(message.get_message()); ++layer.values; break;
      case 5: {
        once(layer.has_extent, "the extent");
        const auto extent = number_from(message, "the extent");
        if (extent == 0 || extent > 0xffffffffu) throw Broken{"the extent is " + std::to_string(extent)};
        break;
      }
      case 15: {
        once(layer.has_version, "the version");
        const auto version = number_from(message, "the version");
        if (version != 1 && version != 2) throw Broken{"the version is " + std::to_string(version)};
        break;
      }
      default:
        if (message.tag() < kFirstExtension) throw Broken{"the layer has the unknown field " + std::to_string(message.tag())};
        message.skip();
    }
  }
  if (!layer.has_name) throw Broken{"the layer has no name"};
  if (!layer.has_version) throw Broken{"the layer has no version"};
  return layer;
}

std::vector<std::uint32_t> numbers_from(pbf_reader& message, const char* field) {
  expect(message, pbf_wire_type::length_delimited, field);
  std::vector<std::uint32_t> numbers;
  const auto packed = message.get_view();
  const char* at = packed.data();
  const char* const end = at + packed.size();
  while (at != end) {
    const auto number = protozero::decode_varint(&at, end);
    if (number > 0xffffffffu) throw Broken{std::string{field} + " hold a number of more than 32 bits"};
    numbers.push_back(static_cast<std::uint32_t>(number));
  }
  return numbers;
}

void check_tags(const std::vector<std::uint32_t>& tags, const Layer& layer) {
  if (tags.size() % 2 != 0) throw Broken{"the tags are not pairs"};
  std::set<std::uint32_t> keys;
  for (std::size_t i = 0; i < tags.size(); i += 2) {
    if (tags[i] >= layer.keys) throw Broken{"a tag points to key " + std::to_string(tags[i]) + " of " + std::to_string(layer.keys)};
    if (tags[i + 1] >= layer.values) throw Broken{"a tag points to value " + std::to_string(tags[i + 1]) + " of " + std::to_string(layer.values)};
    if (!keys.insert(tags[i]).second) throw Broken{"two tags have the same key"};
  }
}

void check_feature(pbf_reader message, const Layer& layer) {
  bool has_id = false;
  bool has_tags = false;
  bool has_type = false;
  bool has_geometry = false;
  std::uint64_t type = 0;
  std::vector<std::uint32_t> geometry;
  while (message.next()) {
    switch (message.tag()) {
      case 1: once(has_id, "the id"); number_from(message, "the id"); break;
      case 2: once(has_tags, "the tags"); check_tags(numbers_from(message, "the tags"), layer); break;
      case 3: once(has_type, "the geometry type"); type = number_from(message, "the geometry type"); break;
      case 4: once(has_geometry, "the geometry"); geometry = numbers_from(message, "the geometry commands"); break;
      default: throw Broken{"the feature has the unknown field " + std::to_string(message.tag())};
    }
  }
  if (!has_type) throw Broken{"the feature has no geometry type"};
  if (type > 3) throw Broken{"the geometry type is " + std::to_string(type)};
  if (!has_geometry) throw Broken{"the feature has no geometry"};
  if (auto problem = problem_of_geometry(static_cast<MvtGeometry>(type), geometry)) throw Broken{*problem};
}

class Check {
 public:
  std::vector<std::string> problems;

  template <class Step>
  void step(const std::string& where, Step&& step) {
    if (problems.size() >= kMostProblems) return;
    try {
      step();
    } catch (const Broken& broken) {
      problems.push_back(where + broken.what());
    } catch (const protozero::exception& broken) {
      problems.push_back(where + "the bytes are no protocol buffer: " + broken.what());
    }
  }

  void tile(pbf_reader message) {
    while (message.next()) {
      if (message.tag() >= kFirstExtension) {
        message.skip();
        continue;
      }
      if (message.tag() != 3) throw Broken{"the tile has the unknown field " + std::to_string(message.tag())};
      expect(message, pbf_wire_type::length_delimited, "a layer");
      const auto view = message.get_view();
      step("layer " + std::to_string(layers_++) + ": ", [&] { layer(pbf_reader{view}); });
    }
  }

 private:
  void layer(pbf_reader message) {
    const auto found = layer_from(message);
    if (!names_.insert(found.name).second) throw Broken{"another layer has the name '" + found.name + "'"};
    for (std::size_t i = 0; i < found.features.size(); ++i) {
      step("layer '" + found.name + "', feature " + std::to_string(i) + ": ", [&] { check_feature(pbf_reader{found.features[i]}, found); });
    }
  }

  std::set<std::string> names_;
  int layers_ = 0;
};

}  // namespace

std::vector<std::string> problems_of_mvt(ByteView tile) {
  Check check;
  const auto text = text_of(tile);
  check.step("", [&] { check.tile(pbf_reader{text.data(), text.size()}); });
  return check.problems;
}

}  // namespace cairn::tiler
