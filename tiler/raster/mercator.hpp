#pragma once
// The square of Web Mercator (EPSG:3857), in metres from its middle.

#include <cmath>

namespace cairn::tiler::raster {

inline constexpr double kEdge_m = 20037508.342789244;  ///< from the middle of the map to its edge

inline double tile_width_m(int zoom) { return 2 * kEdge_m / std::exp2(zoom); }

}  // namespace cairn::tiler::raster
