#pragma once
// S2 cell ids (s2geometry.io): a cube around the globe, each face a square that is quartered 30 times along a Hilbert curve.
// Written here because Debian 13 has no package of the library; the ids are those of every other S2.

#include "core/lat_lon.hpp"

#include <cstdint>

namespace cairn {

/// The cell of a level (0: a face, 30: about a square centimetre) that holds a place.
std::uint64_t s2_cell_of(LatLon place, int level);

/// The centre of a valid cell, in the cell's own coordinates.
LatLon s2_centre_of(std::uint64_t cell);

/// The level of a cell; -1 when the number is the id of none.
int s2_level_of(std::uint64_t cell);

}  // namespace cairn
