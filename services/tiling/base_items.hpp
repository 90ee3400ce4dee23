#pragma once
// Rows of the catalogue -> what stands in base tiles.

#include "services/store/published.hpp"
#include "tiler/tile_set.hpp"

#include <map>
#include <optional>

namespace cairn::tiling {

struct BaseTile {
  TileId tile;
  tiler::BaseItems items;
};
using BaseTiles = std::map<MortonKey, BaseTile>;

/// Remembers what it read of sequences, so make one for each snapshot of the catalogue.
class BaseItemsReader {
 public:
  BaseItemsReader(store::Session& session, tiler::TileSet set) : session_{session}, set_{set} {}

  /// All base tiles with something in them, of a range of the curve that begins and ends where a base tile does, in its order.
  BaseTiles in(MortonRange range);
  tiler::BaseItems in(TileId base_tile);
  /// Where the range ends that begins with a base tile and holds about `rows` rows: at the end of a base tile, or of the world.
  MortonKey end_of_range(MortonKey first, int rows);

 private:
  tiler::BaseItems& items_of(TileId tile);
  tiler::BaseItems& items_at(LatLon place) { return items_of(tile_of(place, tiler::base_zoom_of(set_))); }
  void add_drives(MortonRange range);
  void add_line(SequenceId id, const std::vector<store::LinePoint>& points, MortonRange range);
  void add_features(MortonRange range);
  void add_coverage(MortonRange range);
  std::optional<tiler::SequenceItem> sequence_without_vertices(SequenceId id);

  store::Session& session_;
  tiler::TileSet set_;
  BaseTiles tiles_;
  std::map<SequenceId, std::optional<tiler::SequenceItem>> sequences_;
};

}  // namespace cairn::tiling
