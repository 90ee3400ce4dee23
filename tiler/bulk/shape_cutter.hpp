#pragma once
// Lines and polygons -> their pieces in the tiles of one zoom, as commands of a vector tile.

#include "tiler/bulk/buffer.hpp"
#include "tiler/bulk/feature.hpp"
#include "tiler/hilbert.hpp"
#include "tiler/mvt_writer.hpp"

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
  /// Its pieces at a zoom, each in its tile and the buffer around it: simplified below the deepest zoom, in whole units, nothing without
  /// length or area, rings wound as vector tiles ask. Nothing when the shape is too small to be seen.
  void cut(int zoom, const TakePiece& take_piece);

 private:
  struct Part {
    std::vector<Vertex2d> vertices;
    bool is_outer = false;  ///< begins a polygon
  };
  struct Parts {
    std::vector<Part> parts;
    std::size_t count = 0;  ///< in use
    Part& add(bool is_outer);
  };

  void at_zoom(int zoom);
  void clip(const Parts& from, bool along_x, double low, double high, Parts& to) const;
  void cut_column(int zoom, std::uint32_t column, const Parts& parts, const TakePiece& take_piece);
  void encode(const Parts& parts, double left, double top);
  void encode_lines(const Parts& parts);
  void encode_polygons(const Parts& parts);
  bool take_path(const Part& part);

  int max_zoom_;
  const Feature* feature_ = nullptr;
  std::vector<double> importances_;
  Parts zoomed_, column_, row_;
  double left_ = 0, top_ = 0;
  TilePath path_;
  TilePoint cursor_;
  Buffer geometry_;
};

}  // namespace cairn::tiler::bulk
