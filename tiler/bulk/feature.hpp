#pragma once
// What a source gives, one at a time.

#include "tiler/mvt/line_run.hpp"
#include "tiler/mvt/mvt_bytes.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace cairn::tiler::bulk {

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
