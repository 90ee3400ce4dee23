#include "services/area/rings.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::area {
namespace {

__extension__ using Wide = __int128;  // products of two differences of longitudes in 1e-7 degrees need 65 bits

/// Above 0 when `place` lies to the left of the way from a to b, 0 on the straight line through them.
int side_of(LatLon a, LatLon b, LatLon place) {
  const Wide dx = Wide{b.lon_e7()} - a.lon_e7(), dy = Wide{b.lat_e7()} - a.lat_e7();
  const Wide turn = dx * (Wide{place.lat_e7()} - a.lat_e7()) - dy * (Wide{place.lon_e7()} - a.lon_e7());
  return turn > 0 ? 1 : turn < 0 ? -1 : 0;
}

bool is_between(std::int32_t value, std::int32_t a, std::int32_t b) { return value >= std::min(a, b) && value <= std::max(a, b); }

bool is_on(LatLon a, LatLon b, LatLon place) {
  return is_between(place.lat_e7(), a.lat_e7(), b.lat_e7()) && is_between(place.lon_e7(), a.lon_e7(), b.lon_e7()) && side_of(a, b, place) == 0;
}

bool stretches_meet(LatLon a, LatLon b, LatLon c, LatLon d) {
  const bool apart = std::max(a.lat_e7(), b.lat_e7()) < std::min(c.lat_e7(), d.lat_e7()) || std::max(c.lat_e7(), d.lat_e7()) < std::min(a.lat_e7(), b.lat_e7());
  if (apart) return false;
  if (is_on(a, b, c) || is_on(a, b, d) || is_on(c, d, a) || is_on(c, d, b)) return true;
  const auto opposite = [](int one, int other) { return one * other < 0; };
  return opposite(side_of(a, b, c), side_of(a, b, d)) && opposite(side_of(c, d, a), side_of(c, d, b));
}

/// Whether the side from b to c runs back along the one from a to b.
bool folds_back(LatLon a, LatLon b, LatLon c) { return is_on(a, b, c) || is_on(b, c, a); }

}  // namespace

GeoBounds bounds_around(const std::vector<LatLon>& places) {
  GeoBounds box{places.front().lon_deg(), places.front().lat_deg(), places.front().lon_deg(), places.front().lat_deg()};
  for (const auto place : places) {
    box = {std::min(box.west_deg, place.lon_deg()), std::min(box.south_deg, place.lat_deg()), std::max(box.east_deg, place.lon_deg()), std::max(box.north_deg, place.lat_deg())};
  }
  return box;
}

Where where_in(const Ring& ring, LatLon place) {
  bool inside = false;
  for (std::size_t i = 1; i < ring.size(); ++i) {
    const auto a = ring[i - 1], b = ring[i];
    if (is_on(a, b, place)) return Where::border;
    // Half-open in latitude, so that a corner counts for one of its two sides.
    const bool upwards = a.lat_e7() <= place.lat_e7() && b.lat_e7() > place.lat_e7();
    const bool downwards = b.lat_e7() <= place.lat_e7() && a.lat_e7() > place.lat_e7();
    if (!upwards && !downwards) continue;
    const int side = side_of(a, b, place);
    if (upwards ? side > 0 : side < 0) inside = !inside;
  }
  return inside ? Where::inside : Where::outside;
}

bool meets_side(const Ring& ring, LatLon from, LatLon to) {
  for (std::size_t i = 1; i < ring.size(); ++i) {
    if (stretches_meet(ring[i - 1], ring[i], from, to)) return true;
  }
  return false;
}

bool crosses_itself(const Ring& ring) {
  if (ring.size() < 4) return true;  // it encloses nothing
  const std::size_t sides = ring.size() - 1;
  for (std::size_t i = 0; i < sides; ++i) {
    if (folds_back(ring[i], ring[i + 1], ring[(i + 1) % sides + 1])) return true;
    for (std::size_t j = i + 2; j < sides; ++j) {
      const bool neighbours = i == 0 && j == sides - 1;
      if (!neighbours && stretches_meet(ring[i], ring[i + 1], ring[j], ring[j + 1])) return true;
    }
  }
  return false;
}

double distance_to_stretch_m(LatLon place, LatLon from, LatLon to) {
  const auto a = step_between(place, from);
  const auto b = step_between(place, to);
  const double dx = b.east_m - a.east_m, dy = b.north_m - a.north_m;
  const double length2 = dx * dx + dy * dy;
  const double share = length2 > 0 ? std::clamp(-(a.east_m * dx + a.north_m * dy) / length2, 0.0, 1.0) : 0;
  return std::hypot(a.east_m + share * dx, a.north_m + share * dy);
}

}  // namespace cairn::area
