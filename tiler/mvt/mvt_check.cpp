#include "tiler/mvt/mvt_check.hpp"

#include "tiler/mvt/mvt_geometry_check.hpp"
#include "tiler/text_form.hpp"

#include <protozero/pbf_reader.hpp>

#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace cairn::tiler {
namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;

/// Ends the check of one layer or tile: what follows can't be trusted.
struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

constexpr std::size_t kMostTileProblems = 100;  // enough to see what is wrong; a broken tile can have thousands
constexpr protozero::pbf_tag_type kFirstExtension = 16;

struct CheckedLayer {
  std::string name;
  bool has_name = false;
  bool has_version = false;
  bool has_extent = false;
  std::uint64_t values = 0;
  std::vector<protozero::data_view> features;
  std::vector<std::size_t> last_feature_with;  ///< by key: its number, counted from 1
};

void expect(const pbf_reader& message, pbf_wire_type type, const char* field) {
  if (message.wire_type() != type) throw Broken{std::string{field} + " has the wrong wire type"};
}

std::string_view text_from(pbf_reader& message, const char* field) {
  expect(message, pbf_wire_type::length_delimited, field);
  const auto view = message.get_view();
  const std::string_view text{view.data(), view.size()};
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

CheckedLayer layer_from(pbf_reader message) {
  CheckedLayer layer;
  while (message.next()) {
    switch (message.tag()) {
      case 1: once(layer.has_name, "the layer's name"); layer.name = text_from(message, "the layer's name"); break;
      case 2: expect(message, pbf_wire_type::length_delimited, "a feature"); layer.features.push_back(message.get_view()); break;
      case 3: text_from(message, "a key"); layer.last_feature_with.push_back(0); break;
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

/// Hands each number of a packed field to `take`.
template <class Take>
void each_number(pbf_reader& message, const char* field, Take&& take) {
  expect(message, pbf_wire_type::length_delimited, field);
  const auto packed = message.get_view();
  const char* at = packed.data();
  const char* const end = at + packed.size();
  while (at != end) {
    const auto number = static_cast<unsigned char>(*at) < 0x80 ? static_cast<unsigned char>(*at++) : protozero::decode_varint(&at, end);
    if (number > 0xffffffffu) throw Broken{std::string{field} + " hold a number of more than 32 bits"};
    take(static_cast<std::uint32_t>(number));
  }
}

void check_tags(pbf_reader& message, CheckedLayer& layer, std::size_t feature) {
  bool is_key = true;
  each_number(message, "the tags", [&](std::uint32_t index) {
    if (is_key) {
      if (index >= layer.last_feature_with.size()) throw Broken{"a tag points to key " + std::to_string(index) + " of " + std::to_string(layer.last_feature_with.size())};
      if (std::exchange(layer.last_feature_with[index], feature) == feature) throw Broken{"two tags have the same key"};
    } else if (index >= layer.values) {
      throw Broken{"a tag points to value " + std::to_string(index) + " of " + std::to_string(layer.values)};
    }
    is_key = !is_key;
  });
  if (!is_key) throw Broken{"the tags are not pairs"};
}

/// `feature` counts from 1; `commands` is room to work in.
void check_feature(pbf_reader message, CheckedLayer& layer, std::size_t feature, std::vector<std::uint32_t>& commands) {
  bool has_id = false;
  bool has_tags = false;
  bool has_type = false;
  bool has_geometry = false;
  std::uint64_t type = 0;
  commands.clear();
  while (message.next()) {
    switch (message.tag()) {
      case 1: once(has_id, "the id"); number_from(message, "the id"); break;
      case 2: once(has_tags, "the tags"); check_tags(message, layer, feature); break;
      case 3: once(has_type, "the geometry type"); type = number_from(message, "the geometry type"); break;
      case 4:
        once(has_geometry, "the geometry");
        each_number(message, "the geometry commands", [&](std::uint32_t command) { commands.push_back(command); });
        break;
      default: throw Broken{"the feature has the unknown field " + std::to_string(message.tag())};
    }
  }
  if (!has_type) throw Broken{"the feature has no geometry type"};
  if (type > 3) throw Broken{"the geometry type is " + std::to_string(type)};
  if (!has_geometry) throw Broken{"the feature has no geometry"};
  if (auto problem = problem_of_geometry(static_cast<Geometry>(type), commands)) throw Broken{*problem};
}

class Check {
 public:
  std::vector<std::string> problems;

  /// `where` gives the beginning of a sentence; it is asked only when there is one to say.
  template <class Where, class Step>
  void step(Where&& where, Step&& step) {
    if (problems.size() >= kMostTileProblems) return;
    try {
      step();
    } catch (const Broken& broken) {
      problems.push_back(where() + broken.what());
    } catch (const protozero::exception& broken) {
      problems.push_back(where() + "the bytes are no protocol buffer: " + broken.what());
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
      const int number = layers_++;
      step([&] { return "layer " + std::to_string(number) + ": "; }, [&] { layer(pbf_reader{view}); });
    }
  }

 private:
  void layer(pbf_reader message) {
    auto found = layer_from(message);
    if (!names_.insert(found.name).second) throw Broken{"another layer has the name '" + found.name + "'"};
    for (std::size_t i = 0; i < found.features.size(); ++i) {
      step([&] { return "layer '" + found.name + "', feature " + std::to_string(i) + ": "; },
           [&] { check_feature(pbf_reader{found.features[i]}, found, i + 1, commands_); });
    }
  }

  std::set<std::string> names_;
  int layers_ = 0;
  std::vector<std::uint32_t> commands_;
};

}  // namespace

std::vector<std::string> problems_of_mvt(ByteView tile) {
  Check check;
  const auto text = text_of(tile);
  check.step([] { return std::string{}; }, [&] { check.tile(pbf_reader{text.data(), text.size()}); });
  return check.problems;
}

}  // namespace cairn::tiler
