// Rings side by side (Sutherland and Hodgman 1974), lines segment by segment.
#include "tiler/bulk/shape_clip.hpp"

#include <algorithm>

namespace cairn::tiler::bulk {
namespace {

double at(const Vertex2d& vertex, Axis axis) { return axis == Axis::x ? vertex.x : vertex.y; }

Vertex2d crossing(const Vertex2d& from, const Vertex2d& to, Axis axis, double limit) {
  const double t = (limit - at(from, axis)) / (at(to, axis) - at(from, axis));
  return axis == Axis::x ? Vertex2d{limit, from.y + t * (to.y - from.y)} : Vertex2d{from.x + t * (to.x - from.x), limit};
}

/// Keeps one side of a ring; `side` is 1 where what is greater stays.
void keep_side(std::vector<Vertex2d>& ring, Axis axis, double limit, double side) {
  thread_local std::vector<Vertex2d> kept;
  kept.clear();
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const auto& from = ring[i == 0 ? ring.size() - 1 : i - 1];
    const auto& to = ring[i];
    const bool from_in = (at(from, axis) - limit) * side >= 0;
    const bool to_in = (at(to, axis) - limit) * side >= 0;
    if (from_in != to_in) kept.push_back(crossing(from, to, axis, limit));
    if (to_in) kept.push_back(to);
  }
  ring.swap(kept);
}

void clip_line(const std::vector<Vertex2d>& line, Axis axis, Range range, Parts& to) {
  const auto is_inside = [&](const Vertex2d& vertex) { return at(vertex, axis) >= range.low && at(vertex, axis) <= range.high; };
  const auto limit_beside = [&](const Vertex2d& outside) { return at(outside, axis) < range.low ? range.low : range.high; };
  Part* path = nullptr;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const auto& from = line[i - 1];
    const auto& end = line[i];
    const bool misses = std::max(at(from, axis), at(end, axis)) < range.low || std::min(at(from, axis), at(end, axis)) > range.high;
    if (misses || !is_inside(from)) path = nullptr;
    if (misses) continue;
    if (!path) {
      path = &to.add(false);
      path->vertices.push_back(is_inside(from) ? from : crossing(from, end, axis, limit_beside(from)));
    }
    path->vertices.push_back(is_inside(end) ? end : crossing(from, end, axis, limit_beside(end)));
  }
}

}  // namespace

Part& Parts::add(bool is_outer) {
  if (count_ == parts_.size()) parts_.emplace_back();
  auto& part = parts_[count_++];
  part.vertices.clear();
  part.is_outer = is_outer;
  return part;
}

Range range_of(const Parts& parts, Axis axis) {
  Range range{1e18, -1e18};
  for (const auto& part : parts) {
    for (const auto& vertex : part.vertices) {
      range.low = std::min(range.low, at(vertex, axis));
      range.high = std::max(range.high, at(vertex, axis));
    }
  }
  return range;
}

void clip(Geometry kind, const Parts& from, Axis axis, Range range, Parts& to) {
  to.clear();
  for (const auto& part : from) {
    if (kind == Geometry::polygon) {
      auto& ring = to.add(part.is_outer).vertices;
      ring = part.vertices;
      keep_side(ring, axis, range.low, 1);
      keep_side(ring, axis, range.high, -1);
    } else {
      clip_line(part.vertices, axis, range, to);
    }
  }
}

}  // namespace cairn::tiler::bulk
