#include "rewards/cell.hpp"

#include <s2/s2cell_id.h>
#include <s2/s2latlng.h>

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
  const S2CellId leaf{S2LatLng::FromE7(place.lat_e7(), place.lon_e7())};
  const double eighths = heading_within_circle(heading_deg + 22.5) / 45;
  return {leaf.parent(level).id(), static_cast<std::uint8_t>(static_cast<int>(std::floor(eighths)) & 7)};
}

LatLon centre_of(std::uint64_t cell) {
  const S2LatLng centre = S2CellId{cell}.ToLatLng();
  return LatLon::from_degrees(centre.lat().degrees(), centre.lng().degrees()).value_or(LatLon{});
}

bool is_cell_of_level(std::uint64_t cell, int level) {
  const S2CellId id{cell};
  return id.is_valid() && id.level() == level;
}

}  // namespace cairn::rewards
