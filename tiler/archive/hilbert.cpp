// The curve of Hilbert (1891) in the orientation of the PMTiles v3 specification: one step per bit of x and y, from the
// highest; each quadrant is a turned copy of the whole.
#include "tiler/archive/hilbert.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace cairn::tiler {
namespace {

/// Turns a position within a square of a side so that the quadrant's copy of the curve lies as the whole does.
void turn(std::uint32_t side, std::uint32_t& x, std::uint32_t& y, bool right, bool lower) {
  if (lower) return;
  if (right) {
    x = side - 1 - x;
    y = side - 1 - y;
  }
  std::swap(x, y);
}

}  // namespace

HilbertId first_hilbert_id_of(int zoom) { return ((HilbertId{1} << (2 * zoom)) - 1) / 3; }

/// Without a branch, as which quadrant comes next can't be guessed: `mirrored` and `swapped` say how the quadrant's copy of the curve lies. Mirroring
/// both axes and swapping them commute, so a turn only toggles them.
HilbertId hilbert_id_of(TileId tile) {
  HilbertId along = 0;
  std::uint32_t mirrored = 0;
  std::uint32_t swapped = 0;
  for (int bit = tile.zoom() - 1; bit >= 0; --bit) {
    auto right = ((tile.x() >> bit) & 1) ^ mirrored;
    auto lower = ((tile.y() >> bit) & 1) ^ mirrored;
    const auto both = (right ^ lower) & swapped;
    right ^= both;
    lower ^= both;
    along = (along << 2) | ((right * 3) ^ lower);
    const auto upper = lower ^ 1;
    mirrored ^= right & upper;
    swapped ^= upper;
  }
  return first_hilbert_id_of(tile.zoom()) + along;
}

TileId tile_of_hilbert_id(HilbertId id) {
  int zoom = 0;
  while (zoom <= TileId::kMaxZoom && id >= first_hilbert_id_of(zoom + 1)) ++zoom;
  if (zoom > TileId::kMaxZoom) throw std::runtime_error{"tile id " + std::to_string(id) + " lies beyond zoom 26"};
  auto along = id - first_hilbert_id_of(zoom);
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  for (std::uint32_t side = 1; side < (std::uint32_t{1} << zoom); side <<= 1) {
    const bool right = (along & 2) != 0;
    const bool lower = ((along ^ (along >> 1)) & 1) != 0;
    turn(side, x, y, right, lower);
    x += right ? side : 0;
    y += lower ? side : 0;
    along >>= 2;
  }
  return *TileId::from_zxy(zoom, x, y);
}

}  // namespace cairn::tiler
