#include "tiler/bulk/geometry_writer.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::tiler::bulk {
namespace {

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

std::string_view GeometryWriter::write(Geometry kind, const Parts& parts, double left, double top) {
  commands_.clear();
  cursor_ = {};
  has_outer_ = false;
  for (const auto& part : parts) {
    round(part, left, top);
    if (kind == Geometry::polygon) {
      put_ring(part.is_outer);
    } else if (path_.size() >= 2) {
      put_path();
    }
  }
  return commands_.view();
}

void GeometryWriter::round(const Part& part, double left, double top) {
  path_.clear();
  for (const auto& vertex : part.vertices) {
    const TilePoint point{static_cast<std::int32_t>(std::floor(vertex.x - left + 0.5)), static_cast<std::int32_t>(std::floor(vertex.y - top + 0.5))};
    if (path_.empty() || path_.back() != point) path_.push_back(point);
  }
}

void GeometryWriter::put_path() {
  commands_.reserve((path_.size() + 2) * 2 * kMostVarint);
  commands_.varint(command_of(Verb::move_to, 1));
  for (std::size_t i = 0; i < path_.size(); ++i) {
    if (i == 1) commands_.varint(command_of(Verb::line_to, path_.size() - 1));
    commands_.varint(zigzag(path_[i].x - cursor_.x));
    commands_.varint(zigzag(path_[i].y - cursor_.y));
    cursor_ = path_[i];
  }
}

void GeometryWriter::put_ring(bool is_outer) {
  if (is_outer) has_outer_ = false;
  while (path_.size() > 1 && path_.back() == path_.front()) path_.pop_back();
  const auto area = doubled_area(path_);
  // A hole in what was too small to be seen is gone with it.
  if (path_.size() < 3 || area == 0 || (!is_outer && !has_outer_)) return;
  has_outer_ = true;
  if ((area > 0) != is_outer) std::reverse(path_.begin(), path_.end());
  put_path();
  commands_.varint(command_of(Verb::close_path, 1));
}

}  // namespace cairn::tiler::bulk
