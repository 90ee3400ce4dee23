#pragma once
// Lines and polygons -> their pieces in the tiles of one zoom, as commands of a vector tile.

#include "tiler/archive/hilbert.hpp"
#include "tiler/bulk/geometry_writer.hpp"
#include "tiler/bulk/shape_clip.hpp"

#include <functional>
#include <vector>

namespace cairn::tiler::bulk {

/// Takes a piece: the tile, and its geometry, valid until the call returns.
using TakePiece = std::function<void(HilbertId, std::string_view)>;

/// Kept from feature to feature, so that its lists are.
class ShapeCutter {
 public:
  explicit ShapeCutter(int max_zoom) : max_zoom_{max_zoom} {}

  /// A line or polygon, which must stay as it is until the next.
  void take(const Feature& feature);
  /// Its pieces at a zoom, each in its tile and the buffer around it, simplified below the deepest zoom. Nothing when the shape is too small to be
  /// seen.
  void cut(int zoom, const TakePiece& take_piece);

 private:
  void at_zoom(int zoom);
  void cut_column(int zoom, std::uint32_t column, const Parts& parts, const TakePiece& take_piece);

  int max_zoom_;
  const Feature* feature_ = nullptr;
  std::vector<double> importances_;
  Parts zoomed_, column_, tile_;
  GeometryWriter writer_;
};

}  // namespace cairn::tiler::bulk
