#pragma once

#include "tiler/mvt/line_run.hpp"
#include "tiler/mvt/mvt_writer.hpp"

namespace cairn::tiler {

/// A place in the units of a tile, to the nearest; 0 to 4096 for the points inside it.
TilePoint tile_point_of(WorldPoint point, TileId tile);

/// The parts of a run that lie in a tile or its buffer, in whole units. Nothing without length is among them, so there may be
/// none. A run that crosses the antimeridian shows on both sides.
std::vector<TilePath> clipped_to_tile(const Run& run, TileId tile);

/// Whether the straight line between two positions touches a tile or its buffer.
bool touches_tile(Vertex2d from, Vertex2d to, TileId tile);

}  // namespace cairn::tiler
