#pragma once
// Parts of a line or polygon -> the commands of a vector tile.

#include "tiler/buffer.hpp"
#include "tiler/bulk/shape_clip.hpp"
#include "tiler/mvt/mvt_writer.hpp"

namespace cairn::tiler::bulk {

/// Kept from shape to shape, so that its buffers are.
class GeometryWriter {
 public:
  /// The commands of parts whose units are those of a zoom, in the tile whose corner is at (left, top); valid until the next call. Positions are rounded; nothing
  /// without length or area is among them, and rings are wound as vector tiles ask. Empty when nothing is left.
  std::string_view write(Geometry kind, const Parts& parts, double left, double top);

 private:
  void round(const Part& part, double left, double top);
  void put_path();
  void put_ring(bool is_outer);

  TilePath path_;
  TilePoint cursor_;
  bool has_outer_ = false;
  Buffer commands_;
};

}  // namespace cairn::tiler::bulk
