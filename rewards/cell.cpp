#include "rewards/cell.hpp"

#include "core/s2_cell.hpp"

#include <cmath>

namespace cairn::rewards {

std::string CellOctant::text() const {
  if (cell == 0) return "X/" + std::to_string(octant);
  std::string token;
  for (int shift = 60; shift >= 0; shift -= 4) token += "0123456789abcdef"[(cell >> shift) & 15];
  token.erase(token.find_last_not_of('0') + 1);
  return token + "/" + std::to_string(octant);
}

CellOctant cell_octant_of(LatLon place, double heading_deg, int level) {
  const double eighths = heading_within_circle(heading_deg + 22.5) / 45;
  return {s2_cell_of(place, level), static_cast<std::uint8_t>(static_cast<int>(std::floor(eighths)) & 7)};
}

}  // namespace cairn::rewards
