#pragma once

#include "core/lat_lon.hpp"

#include <compare>
#include <cstdint>
#include <string>

namespace cairn::rewards {

/// S2 level of a road cell: some 8 m, two lanes. The map counts what was seen by it; a reward policy pays by it unless it names
/// another level.
inline constexpr int kRoadCellLevel = 20;

/// What can be covered: a road cell as seen in one of eight directions.
struct CellOctant {
  std::uint64_t cell = 0;   ///< S2 cell id
  std::uint8_t octant = 0;  ///< 0 north, 1 north-east … 7 north-west

  /// "47a1cbd595/2": the S2 token and the octant.
  std::string text() const;
  friend auto operator<=>(const CellOctant&, const CellOctant&) = default;
};

/// The cell of a level (0-30) that holds a place, with the octant of a finite heading.
CellOctant cell_octant_of(LatLon place, double heading_deg, int level);

}  // namespace cairn::rewards
