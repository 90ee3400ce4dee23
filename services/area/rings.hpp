#pragma once
// Polygons on the map: sides are straight in longitude and latitude, and everything is exact, in whole 1e-7 degrees.

#include "core/lat_lon.hpp"
#include "core/tile_id.hpp"

#include <vector>

namespace cairn::area {

/// A closed line: its last corner is its first.
using Ring = std::vector<LatLon>;

/// The box around one place at least.
GeoBounds bounds_around(const std::vector<LatLon>& places);

enum class Where { outside, border, inside };
/// By the even-odd rule.
Where where_in(const Ring& ring, LatLon place);

/// Whether a stretch has a place in common with a side of the ring.
bool meets_side(const Ring& ring, LatLon from, LatLon to);

/// Whether two sides have more in common than the corner between neighbours, or nothing is enclosed. Takes time with the square of the corners.
bool crosses_itself(const Ring& ring);

/// Metres from a place to the nearest of a stretch, on the plane that touches the globe at the place.
double distance_to_stretch_m(LatLon place, LatLon from, LatLon to);

}  // namespace cairn::area
