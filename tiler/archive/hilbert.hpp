#pragma once
// Tile ids of PMTiles v3: all tiles of zoom 0, then of zoom 1, …, each zoom along a Hilbert curve.

#include "core/tile_id.hpp"

#include <cstdint>

namespace cairn::tiler {

using HilbertId = std::uint64_t;

/// The id of a zoom's first tile: how many tiles all zooms before it have.
HilbertId first_hilbert_id_of(int zoom);
HilbertId hilbert_id_of(TileId tile);
/// Ids beyond zoom 26 have no tile here: throws std::runtime_error.
TileId tile_of_hilbert_id(HilbertId id);

}  // namespace cairn::tiler
