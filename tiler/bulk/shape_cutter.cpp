// Each zoom anew from the whole shape: vertices by importance (Douglas and Peucker 1973), then columns of tiles, then the tiles of a column.
#include "tiler/bulk/shape_cutter.hpp"

#include "tiler/significance.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace cairn::tiler::bulk {
namespace {

constexpr double kToleranceUnits = 2;          ///< an eighth of a pixel where a tile is drawn 256 px wide
constexpr double kSmallestUnits = 8;           ///< a shape smaller than half such a pixel isn't seen
constexpr std::size_t kVerticesAtOnce = 1000;  ///< simplified in one go, which bounds the time for the longest shapes

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

/// A row or column with its buffers.
Range reach_of(std::int64_t tile) {
  const double start = static_cast<double>(tile) * kExtent;
  return {start - kBuffer, start + kExtent + kBuffer};
}

bool lies_within(Range inner, Range outer) { return inner.low >= outer.low && inner.high <= outer.high; }

}  // namespace

void ShapeCutter::take(const Feature& feature) {
  feature_ = &feature;
  importances_.clear();
  const double least = kToleranceUnits * units_of_world(std::max(0, max_zoom_ - 1));
  std::size_t first = 0;
  for (const auto end : feature.part_ends) {
    // Stretches share their ends, which stay at every zoom.
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
  zoomed_.clear();
  std::size_t vertex = 0;
  std::size_t polygon = 0;
  bool is_outer = true;
  for (std::size_t part = 0; part < feature_->part_ends.size(); ++part) {
    auto& to = zoomed_.add(is_outer).vertices;
    for (; vertex < feature_->part_ends[part]; ++vertex) {
      const auto& from = feature_->vertices[vertex];
      if (importances_[vertex] >= tolerance) to.push_back({from.x / unit, from.y / unit});
    }
    is_outer = polygon < feature_->polygon_ends.size() && part + 1 == feature_->polygon_ends[polygon];
    if (is_outer) ++polygon;
  }
}

void ShapeCutter::cut(int zoom, const TakePiece& take_piece) {
  at_zoom(zoom);
  const auto wide = range_of(zoomed_, Axis::x);
  const auto high = range_of(zoomed_, Axis::y);
  if (wide.high - wide.low < kSmallestUnits && high.high - high.low < kSmallestUnits) return;
  const auto columns = tiles_of(wide, zoom);
  for (auto column = columns.first; column <= columns.last; ++column) {
    const bool whole = lies_within(wide, reach_of(column));
    if (!whole) clip(feature_->geometry, zoomed_, Axis::x, reach_of(column), column_);
    cut_column(zoom, static_cast<std::uint32_t>(column), whole ? zoomed_ : column_, take_piece);
  }
}

void ShapeCutter::cut_column(int zoom, std::uint32_t column, const Parts& parts, const TakePiece& take_piece) {
  const auto high = range_of(parts, Axis::y);
  const auto rows = tiles_of(high, zoom);
  for (auto row = rows.first; row <= rows.last; ++row) {
    const bool whole = lies_within(high, reach_of(row));
    if (!whole) clip(feature_->geometry, parts, Axis::y, reach_of(row), tile_);
    const auto commands = writer_.write(feature_->geometry, whole ? parts : tile_, static_cast<double>(column) * kExtent, static_cast<double>(row) * kExtent);
    if (!commands.empty()) take_piece(hilbert_id_of(*TileId::from_zxy(zoom, column, row)), commands);
  }
}

}  // namespace cairn::tiler::bulk
