// GeoJSON (RFC 7946) and its text sequences (RFC 8142), read with simdjson's on-demand parser: a feature is visited once, in the order of its bytes.
#include "tiler/bulk/mapped_file.hpp"
#include "tiler/bulk/source.hpp"

#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace cairn::tiler::bulk {
namespace {

namespace json = simdjson::ondemand;

/// Arrays around the positions: how deep a geometry's coordinates are.
constexpr int kDeepest = 4;

/// Coordinates of any type, before the type is known: the order of a feature's members is free.
class Coordinates {
 public:
  explicit Coordinates(Feature& feature) : feature_{feature} {}

  /// The height of an array: 1 for a position. 0 when empty. Throws simdjson_error.
  int read(json::array array, int depth = 1) {
    int height = 0;
    double position[2]{};
    std::size_t numbers = 0;
    for (auto element : array) {
      json::value value = element.value();
      if (value.type() == json::json_type::number) {
        if (numbers < 2) position[numbers] = value.get_double();
        ++numbers;
      } else {
        if (depth == kDeepest) throw simdjson::simdjson_error{simdjson::INCORRECT_TYPE};
        height = std::max(height, read(value.get_array(), depth + 1));
      }
    }
    if (numbers >= 2) {
      Vertex2d vertex;
      inside_ = project(position[0], position[1], vertex) && inside_;
      if (feature_.vertices.size() <= kMostVertices) feature_.vertices.push_back(vertex);
      return 1;
    }
    if (height == 1) feature_.part_ends.push_back(static_cast<std::uint32_t>(feature_.vertices.size()));
    if (height == 2) feature_.polygon_ends.push_back(static_cast<std::uint32_t>(feature_.part_ends.size()));
    return height == 0 ? 0 : height + 1;
  }
  bool inside() const { return inside_; }

 private:
  Feature& feature_;
  bool inside_ = true;
};

class GeoJson : public FeatureSource {
 public:
  explicit GeoJson(const std::filesystem::path& file) : path_{file.string()}, file_{file, simdjson::SIMDJSON_PADDING} {
    is_sequence_ = !is_collection();
    rest_ = file_.text();
  }

  bool next(Feature& feature) override {
    try {
      return is_sequence_ ? next_line(feature) : next_of_collection(feature);
    } catch (const simdjson::simdjson_error& error) {
      throw std::runtime_error{path_ + ", line " + std::to_string(line_of(here())) + ": not GeoJSON (" + error.what() + ")"};
    }
  }
  double share_read() const override {
    return file_.text().empty() ? 1 : static_cast<double>(here() - file_.text().data()) / static_cast<double>(file_.text().size());
  }

 private:
  /// A document whose first line isn't a whole feature.
  bool is_collection() {
    const auto text = file_.text();
    if (text.empty()) return false;
    const auto line = text.substr(0, text.find('\n'));
    if (line.size() == text.size()) return line.find("FeatureCollection") != line.npos;
    try {
      auto document = parser_.iterate(line.data(), line.size(), line.size() + simdjson::SIMDJSON_PADDING);
      const std::string_view type = document["type"].get_string();
      return type == "FeatureCollection";
    } catch (const simdjson::simdjson_error&) {
      return !line.starts_with('\x1e');
    }
  }

  bool next_line(Feature& feature) {
    while (!rest_.empty()) {
      const auto end = rest_.find('\n');
      auto line = rest_.substr(0, end);
      line_ = line.data();
      rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
      while (!line.empty() && (line.front() == '\x1e' || line.front() == ' ' || line.front() == '\r')) line.remove_prefix(1);
      if (line.empty()) continue;
      // The bytes after the line are the next line or the zeros after the file.
      auto document = parser_.iterate(line.data(), line.size(), line.size() + simdjson::SIMDJSON_PADDING);
      if (read(document.get_object(), feature)) return true;
    }
    return false;
  }

  bool next_of_collection(Feature& feature) {
    if (!collection_) {
      collection_ = parser_.iterate(file_.text().data(), file_.text().size(), file_.text().size() + simdjson::SIMDJSON_PADDING);
      features_ = (*collection_)["features"].get_array();
      element_ = features_.begin();
    } else {
      ++element_;
    }
    for (; element_ != features_.end(); ++element_) {
      json::object object = (*element_).get_object();
      line_ = object.raw_json().value().data();
      object.reset();
      if (read(object, feature)) return true;
    }
    return false;
  }

  /// False when the feature can't be shown, for a reason that is counted.
  bool read(json::object object, Feature& feature) {
    feature.clear();
    Coordinates coordinates{feature};
    std::string_view type;
    for (auto field : object) {
      const std::string_view key = field.unescaped_key();
      if (key == "geometry") {
        json::value geometry = field.value();
        if (geometry.type() == json::json_type::object) type = read_geometry(geometry.get_object(), coordinates);
      } else if (key == "properties") {
        json::value properties = field.value();
        if (properties.type() == json::json_type::object) read_properties(properties.get_object(), feature);
      }
    }
    return is_shown(type, coordinates, feature);
  }

  std::string_view read_geometry(json::object geometry, Coordinates& coordinates) {
    std::string_view type;
    for (auto field : geometry) {
      const std::string_view key = field.unescaped_key();
      if (key == "type") type = field.value().get_string();
      if (key == "coordinates") coordinates.read(field.value().get_array());
    }
    return type;
  }

  void read_properties(json::object properties, Feature& feature) {
    for (auto field : properties) {
      const std::string_view key = field.unescaped_key();
      json::value value = field.value();
      switch (value.type()) {
        case json::json_type::string: add(feature, key, value.get_string().value()); break;
        case json::json_type::number: add_number(feature, key, value.get_number()); break;
        case json::json_type::boolean: feature.attributes.push_back({key, value.get_bool().value()}); break;
        case json::json_type::null: break;
        // As text: a vector tile has nothing deeper.
        case json::json_type::array: add(feature, key, value.get_array().value().raw_json().value()); break;
        case json::json_type::object: add(feature, key, value.get_object().value().raw_json().value()); break;
      }
    }
  }

  static void add(Feature& feature, std::string_view key, std::string_view text) {
    if (!text.empty()) feature.attributes.push_back({key, text});
  }
  static void add_number(Feature& feature, std::string_view key, json::number number) {
    if (number.is_int64()) {
      feature.attributes.push_back({key, number.get_int64()});
    } else {
      feature.attributes.push_back({key, number.as_double()});
    }
  }

  bool is_shown(std::string_view type, const Coordinates& coordinates, Feature& feature) {
    if (type.starts_with("Multi")) type.remove_prefix(5);
    if (feature.vertices.empty() || (type != "Point" && type != "LineString" && type != "Polygon")) {
      leave_out(LeftOut::no_geometry);
    } else if (!coordinates.inside()) {
      leave_out(LeftOut::outside_the_globe);
    } else if (feature.vertices.size() > kMostVertices) {
      leave_out(LeftOut::too_many_vertices);
    } else {
      feature.geometry = type == "Point" ? Geometry::point : type == "Polygon" ? Geometry::polygon : Geometry::line;
      return true;
    }
    return false;
  }

  const char* here() const { return line_ ? line_ : file_.text().data(); }
  std::size_t line_of(const char* place) const {
    return 1 + static_cast<std::size_t>(std::count(file_.text().data(), place, '\n'));
  }

  std::string path_;
  MappedFile file_;
  json::parser parser_;
  bool is_sequence_ = true;
  std::string_view rest_;
  const char* line_ = nullptr;
  std::optional<json::document> collection_;
  json::array features_;
  simdjson::simdjson_result<json::array_iterator> element_;
};

}  // namespace

std::unique_ptr<FeatureSource> open_geojson(const std::filesystem::path& file) { return std::make_unique<GeoJson>(file); }

}  // namespace cairn::tiler::bulk
