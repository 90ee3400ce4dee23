// Each zoom anew from the whole shape: vertices by importance (Douglas and Peucker 1973), then columns of tiles, then the tiles of a column. Rings are
// clipped edge by edge of the tile (Sutherland and Hodgman 1974), lines segment by segment.
#include "tiler/bulk/shape_cutter.hpp"

#include "tiler/significance.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace cairn::tiler::bulk {
namespace {

constexpr double kToleranceUnits = 2;        ///< an eighth of a pixel where a tile is drawn 256 px wide
constexpr double kSmallestUnits = 8;         ///< a shape smaller than half such a pixel isn't seen
constexpr std::size_t kVerticesAtOnce = 1000;  ///< simplified in one go, which bounds the time for the longest shapes

std::uint64_t zigzag(std::int64_t value) { return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63); }

double coordinate(const Vertex2d& vertex, bool along_x) { return along_x ? vertex.x : vertex.y; }

Vertex2d crossing(const Vertex2d& from, const Vertex2d& to, bool along_x, double at) {
  const double t = (at - coordinate(from, along_x)) / (coordinate(to, along_x) - coordinate(from, along_x));
  return along_x ? Vertex2d{at, from.y + t * (to.y - from.y)} : Vertex2d{from.x + t * (to.x - from.x), at};
}

/// Keeps one side of a ring; `side` is 1 where what is greater stays.
void keep_side(std::vector<Vertex2d>& ring, bool along_x, double at, double side, std::vector<Vertex2d>& kept) {
  kept.clear();
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const auto& from = ring[i == 0 ? ring.size() - 1 : i - 1];
    const auto& to = ring[i];
    const bool from_in = (coordinate(from, along_x) - at) * side >= 0;
    const bool to_in = (coordinate(to, along_x) - at) * side >= 0;
    if (from_in != to_in) kept.push_back(crossing(from, to, along_x, at));
    if (to_in) kept.push_back(to);
  }
  ring.swap(kept);
}

struct Range {
  double low = 0;
  double high = 0;
};
template <class Parts>
Range range_of(const Parts& parts, bool along_x) {
  Range range{1e18, -1e18};
  for (std::size_t i = 0; i < parts.count; ++i) {
    for (const auto& vertex : parts.parts[i].vertices) {
      range.low = std::min(range.low, coordinate(vertex, along_x));
      range.high = std::max(range.high, coordinate(vertex, along_x));
    }
  }
  return range;
}

/// The rows or columns of tiles that a range touches with their buffers; first > last when there is none.
struct Span {
  std::int64_t first = 0;
  std::int64_t last = -1;
};
Span tiles_of(Range range, int zoom) {
  const auto tiles = std::int64_t{1} << zoom;
  return {std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor((range.low - kBuffer) / kExtent))),
          std::min<std::int64_t>(tiles - 1, static_cast<std::int64_t>(std::floor((range.high + kBuffer) / kExtent)))};
}

/// Twice the area; positive when wound as an outer ring is in a tile, whose y points down.
std::int64_t doubled_area(const TilePath& ring) {
  std::int64_t area = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const auto& from = ring[i];
    const auto& to = ring[i + 1 == ring.size() ? 0 : i + 1];
    area += static_cast<std::int64_t>(from.x) * to.y - static_cast<std::int64_t>(to.x) * from.y;
  }
  return area;
}

}  // namespace

ShapeCutter::Part& ShapeCutter::Parts::add(bool is_outer) {
  if (count == parts.size()) parts.emplace_back();
  auto& part = parts[count++];
  part.vertices.clear();
  part.is_outer = is_outer;
  return part;
}

void ShapeCutter::take(const Feature& feature) {
  feature_ = &feature;
  importances_.clear();
  const double least = kToleranceUnits * units_of_world(std::max(0, max_zoom_ - 1));
  std::size_t first = 0;
  for (const auto end : feature.part_ends) {
    // Pieces share their ends, which stay at every zoom.
    for (auto from = first; from < end; from += kVerticesAtOnce) {
      const auto to = std::min<std::size_t>(end, from + kVerticesAtOnce + 1);
      const auto some = importance_of(std::span{feature.vertices}.subspan(from, to - from), least);
      importances_.insert(importances_.end(), some.begin(), to == end ? some.end() : std::prev(some.end()));
      if (to == end) break;
    }
    first = end;
  }
}

void ShapeCutter::at_zoom(int zoom) {
  const double unit = units_of_world(zoom);
  const double tolerance = zoom == max_zoom_ ? 0 : kToleranceUnits * unit;
  const bool is_polygon = feature_->geometry == Geometry::polygon;
  zoomed_.count = 0;
  std::size_t vertex = 0;
  std::size_t polygon = 0;
  bool is_outer = true;
  for (std::size_t part = 0; part < feature_->part_ends.size(); ++part) {
    auto& to = zoomed_.add(is_outer).vertices;
    for (; vertex < feature_->part_ends[part]; ++vertex) {
      const auto& from = feature_->vertices[vertex];
      if (importances_[vertex] >= tolerance) to.push_back({from.x / unit, from.y / unit});
    }
    is_outer = false;
    if (is_polygon && polygon < feature_->polygon_ends.size() && part + 1 == feature_->polygon_ends[polygon]) {
      is_outer = true;
      ++polygon;
    }
  }
}

void ShapeCutter::cut(int zoom, const TakePiece& take_piece) {
  at_zoom(zoom);
  const auto range = range_of(zoomed_, true);
  const auto tall = range_of(zoomed_, false);
  if (range.high - range.low < kSmallestUnits && tall.high - tall.low < kSmallestUnits) return;
  const auto columns = tiles_of(range, zoom);
  for (auto column = columns.first; column <= columns.last; ++column) {
    const double left = static_cast<double>(column) * kExtent;
    if (range.low >= left - kBuffer && range.high <= left + kExtent + kBuffer) {
      cut_column(zoom, static_cast<std::uint32_t>(column), zoomed_, take_piece);
      continue;
    }
    clip(zoomed_, true, left - kBuffer, left + kExtent + kBuffer, column_);
    cut_column(zoom, static_cast<std::uint32_t>(column), column_, take_piece);
  }
}

void ShapeCutter::cut_column(int zoom, std::uint32_t column, const Parts& parts, const TakePiece& take_piece) {
  const auto range = range_of(parts, false);
  const auto rows = tiles_of(range, zoom);
  for (auto row = rows.first; row <= rows.last; ++row) {
    const double top = static_cast<double>(row) * kExtent;
    const bool whole = range.low >= top - kBuffer && range.high <= top + kExtent + kBuffer;
    if (!whole) clip(parts, false, top - kBuffer, top + kExtent + kBuffer, row_);
    encode(whole ? parts : row_, static_cast<double>(column) * kExtent, top);
    if (!geometry_.empty()) take_piece(hilbert_id_of(*TileId::from_zxy(zoom, column, row)), geometry_.view());
  }
}

void ShapeCutter::clip(const Parts& from, bool along_x, double low, double high, Parts& to) const {
  to.count = 0;
  for (std::size_t i = 0; i < from.count; ++i) {
    const auto& part = from.parts[i];
    if (feature_->geometry == Geometry::polygon) {
      auto& ring = to.add(part.is_outer).vertices;
      thread_local std::vector<Vertex2d> kept;
      ring = part.vertices;
      keep_side(ring, along_x, low, 1, kept);
      keep_side(ring, along_x, high, -1, kept);
      continue;
    }
    Part* path = nullptr;
    for (std::size_t v = 1; v < part.vertices.size(); ++v) {
      auto a = part.vertices[v - 1];
      auto b = part.vertices[v];
      const double from_at = coordinate(a, along_x);
      const double to_at = coordinate(b, along_x);
      if (std::max(from_at, to_at) < low || std::min(from_at, to_at) > high) {
        path = nullptr;
        continue;
      }
      if (from_at < low || from_at > high) {
        a = crossing(a, b, along_x, from_at < low ? low : high);
        path = nullptr;
      }
      const bool leaves = to_at < low || to_at > high;
      if (leaves) b = crossing(part.vertices[v - 1], b, along_x, to_at < low ? low : high);
      if (!path) {
        path = &to.add(false);
        path->vertices.push_back(a);
      }
      path->vertices.push_back(b);
      if (leaves) path = nullptr;
    }
  }
}

bool ShapeCutter::take_path(const Part& part) {
  path_.clear();
  for (const auto& vertex : part.vertices) {
    const TilePoint point{static_cast<std::int32_t>(std::floor(vertex.x - left_ + 0.5)), static_cast<std::int32_t>(std::floor(vertex.y - top_ + 0.5))};
    if (path_.empty() || path_.back() != point) path_.push_back(point);
  }
  return path_.size() >= 2;
}

void ShapeCutter::encode(const Parts& parts, double left, double top) {
  geometry_.clear();
  cursor_ = {};
  left_ = left;
  top_ = top;
  feature_->geometry == Geometry::polygon ? encode_polygons(parts) : encode_lines(parts);
}

namespace {

void put_path(const TilePath& path, TilePoint& cursor, Buffer& to) {
  constexpr std::uint8_t kMoveToOne = 1 | (1 << 3);
  constexpr std::uint64_t kLineTo = 2;
  to.reserve((path.size() + 2) * 2 * kMostVarint);
  to.byte(kMoveToOne);
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i == 1) to.varint(kLineTo | ((path.size() - 1) << 3));
    to.varint(zigzag(path[i].x - cursor.x));
    to.varint(zigzag(path[i].y - cursor.y));
    cursor = path[i];
  }
}

}  // namespace

void ShapeCutter::encode_lines(const Parts& parts) {
  for (std::size_t i = 0; i < parts.count; ++i) {
    if (take_path(parts.parts[i])) put_path(path_, cursor_, geometry_);
  }
}

void ShapeCutter::encode_polygons(const Parts& parts) {
  constexpr std::uint8_t kClosePathOnce = 7 | (1 << 3);
  bool has_outer = false;
  for (std::size_t i = 0; i < parts.count; ++i) {
    const bool is_outer = parts.parts[i].is_outer;
    if (is_outer) has_outer = false;
    if (!is_outer && !has_outer) continue;
    take_path(parts.parts[i]);
    while (path_.size() > 1 && path_.back() == path_.front()) path_.pop_back();
    const auto area = doubled_area(path_);
    if (path_.size() < 3 || area == 0) continue;
    has_outer = true;
    if ((area > 0) != is_outer) std::reverse(path_.begin(), path_.end());
    put_path(path_, cursor_, geometry_);
    geometry_.byte(kClosePathOnce);
  }
}

}  // namespace cairn::tiler::bulk
