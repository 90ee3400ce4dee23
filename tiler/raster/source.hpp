#pragma once
// A raster with a place, seen in Web Mercator, tile by tile.

#include "core/tile_id.hpp"
#include "tiler/raster/picture.hpp"

#include <filesystem>
#include <memory>
#include <optional>

namespace cairn::tiler::raster {

class Source {
 public:
  /// For one thread at a time. `side` pixels a tile. The zoom whose pixels are about as fine as the raster's is taken where none is given (0 to 24). Throws
  /// std::runtime_error, in a sentence that says what to do, for what is no GeoTIFF, has no place on the map, other pixels than grey or
  /// colour of 8 bits, or more of them than can be read piece by piece.
  Source(const std::filesystem::path& file, int side, std::optional<int> zoom);
  ~Source();

  int zoom() const;
  /// Whether it may show in a tile of zoom() or above.
  bool touches(TileId tile) const;
  /// A tile of zoom(); empty where nothing shows. Throws std::runtime_error when the file is damaged there.
  Pixels pixels_of(TileId tile) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cairn::tiler::raster
