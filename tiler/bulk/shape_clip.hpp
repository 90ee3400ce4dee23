#pragma once
// The parts of a line or polygon, and what of them lies in a strip.

#include "tiler/bulk/feature.hpp"

#include <vector>

namespace cairn::tiler::bulk {

struct Part {
  std::vector<Vertex2d> vertices;
  bool is_outer = false;  ///< a ring that begins a polygon
};

/// A list that keeps its memory when it is emptied.
class Parts {
 public:
  Part& add(bool is_outer);
  void clear() { count_ = 0; }
  auto begin() const { return parts_.begin(); }
  auto end() const { return parts_.begin() + static_cast<std::ptrdiff_t>(count_); }

 private:
  std::vector<Part> parts_;
  std::size_t count_ = 0;
};

enum class Axis { x, y };

struct Range {
  double low = 0;
  double high = 0;
};
/// Of all vertices; low > high when there are none.
Range range_of(const Parts& parts, Axis axis);

/// What lies in a range of an axis: rings stay rings, maybe without vertices; a line falls into as many as it has pieces there.
void clip(Geometry kind, const Parts& from, Axis axis, Range range, Parts& to);

}  // namespace cairn::tiler::bulk
