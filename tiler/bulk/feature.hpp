#pragma once
// What a source gives, one at a time.

#include "tiler/line_run.hpp"

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::tiler::bulk {

/// The numbers are those of a vector tile.
enum class Geometry : std::uint8_t { point = 1, line = 2, polygon = 3 };

/// A whole number stands apart from a real one, as vector tiles have both. Real numbers are finite.
using Value = std::variant<std::string_view, std::int64_t, double, bool>;
struct Attribute {
  std::string_view key;
  Value value;
};

/// Views are the source's and last until it gives the next one.
struct Feature {
  Geometry geometry = Geometry::point;
  std::vector<Vertex2d> vertices;           ///< in units of WorldPoint, all parts one after the other
  std::vector<std::uint32_t> part_ends;     ///< of lines or rings (an outer ring, then its holes); not used for points
  std::vector<std::uint32_t> polygon_ends;  ///< in parts; polygons only
  std::vector<Attribute> attributes;

  void clear();
};

}  // namespace cairn::tiler::bulk
