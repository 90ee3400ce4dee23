#pragma once
// Lines between zooms: runs of vertices that join by their ordinals.

#include "tiler/tile_set.hpp"

#include <compare>
#include <cstdint>
#include <vector>

namespace cairn::tiler {

inline constexpr int kExtent = 4096;         ///< units across a tile
inline constexpr int kBuffer = 64;           ///< units that lines reach beyond it
inline constexpr int kSimplifyUnits = 4;     ///< half a pixel where a tile is drawn 512 px wide
inline constexpr int kEveryVertexZoom = 14;  ///< from here on no vertex is left out

inline constexpr double kWorldWidth = 4'294'967'296.0;  ///< in units of WorldPoint

/// How many units of WorldPoint are one unit of a tile.
inline double units_of_world(int zoom) { return static_cast<double>(std::int64_t{1} << (32 - 12 - zoom)); }

struct RunVertex {
  std::int32_t ordinal = 0;
  WorldPoint point;
  std::int32_t min_zoom = 0;
  friend auto operator<=>(const RunVertex&, const RunVertex&) = default;
};
/// Neighbours in a run are joined on the map, even where vertices between them were left out.
using Run = std::vector<RunVertex>;

/// Runs of consecutive ordinals, whatever the order of the vertices.
std::vector<Run> runs_of(const std::vector<LineVertex>& vertices);
/// Joins all runs whose ordinals overlap or follow each other. Any order of runs gives the same result.
std::vector<Run> joined(std::vector<Run> runs);
/// Leaves out the vertices inside a run that don't show at a zoom; ends stay, because the neighbour tile joins there.
void thin_to_zoom(Run& run, int zoom);
/// Whether a run both starts and ends in a tile (so that nothing outside will ever join it) and is smaller than `units` of it
/// across. A pure function of the run: such a run may be forgotten from this zoom down.
bool is_speck(const Run& run, TileId tile, int units);

/// A position on an endless plane: a line that crosses the antimeridian simply goes on.
struct Vertex2d {
  double x = 0;
  double y = 0;
};
std::vector<Vertex2d> unwrapped(const std::vector<LatLon>& line);
std::vector<Vertex2d> unwrapped(const Run& run);

}  // namespace cairn::tiler
