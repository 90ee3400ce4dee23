#include "core/s2_cell.hpp"

#include "core/angle.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace cairn {
namespace {

constexpr int kLevels = 30;
constexpr double kSide = 1 << kLevels;  ///< leaf cells along an edge of a face

/// The curve within a square, by its orientation (bit 0: the axes are swapped, bit 1: both are turned round): which quarter
/// (2 i + j) comes at which place along it, and how the curve is oriented there.
constexpr std::array<std::array<int, 4>, 4> kQuarterAt{{{0, 1, 3, 2}, {0, 2, 3, 1}, {3, 2, 0, 1}, {3, 1, 0, 2}}};
constexpr std::array<std::array<int, 4>, 4> kPlaceOf{{{0, 1, 3, 2}, {0, 3, 1, 2}, {2, 3, 1, 0}, {2, 1, 3, 0}}};
constexpr std::array<int, 4> kTurnAt{1, 0, 0, 3};

using Vector = std::array<double, 3>;

struct OnFace {
  int face = 0;
  double u = 0, v = 0;  ///< in [-1, 1]
};

OnFace on_face(const Vector& p) {
  int axis = 0;
  if (std::abs(p[1]) > std::abs(p[0])) axis = 1;
  if (std::abs(p[2]) > std::abs(p[static_cast<std::size_t>(axis)])) axis = 2;
  const int face = p[static_cast<std::size_t>(axis)] < 0 ? axis + 3 : axis;
  switch (face) {
    case 0: return {face, p[1] / p[0], p[2] / p[0]};
    case 1: return {face, -p[0] / p[1], p[2] / p[1]};
    case 2: return {face, -p[0] / p[2], -p[1] / p[2]};
    case 3: return {face, p[2] / p[0], p[1] / p[0]};
    case 4: return {face, p[2] / p[1], -p[0] / p[1]};
    default: return {face, -p[1] / p[2], -p[0] / p[2]};
  }
}

Vector on_globe(const OnFace& at) {
  switch (at.face) {
    case 0: return {1, at.u, at.v};
    case 1: return {-at.u, 1, at.v};
    case 2: return {-at.u, -at.v, 1};
    case 3: return {-1, -at.v, -at.u};
    case 4: return {at.v, -1, -at.u};
    default: return {at.v, at.u, -1};
  }
}

/// S2's quadratic projection, which makes cells of a level nearly alike in area.
double stretched(double u) { return u >= 0 ? 0.5 * std::sqrt(1 + 3 * u) : 1 - 0.5 * std::sqrt(1 - 3 * u); }
double unstretched(double s) { return s >= 0.5 ? (4 * s * s - 1) / 3 : (1 - 4 * (1 - s) * (1 - s)) / 3; }

unsigned leaf_at(double u) { return static_cast<unsigned>(std::clamp(std::floor(kSide * stretched(u)), 0.0, kSide - 1)); }

std::uint64_t lowest_bit_of_level(int level) { return std::uint64_t{1} << (2 * (kLevels - level)); }

}  // namespace

std::uint64_t s2_cell_of(LatLon place, int level) {
  const double lat = place.lat_deg() * kRadians, lon = place.lon_deg() * kRadians;
  const auto at = on_face({std::cos(lat) * std::cos(lon), std::cos(lat) * std::sin(lon), std::sin(lat)});
  const unsigned i = leaf_at(at.u), j = leaf_at(at.v);
  std::uint64_t cell = static_cast<std::uint64_t>(at.face);
  int turn = at.face & 1;
  for (int bit = kLevels - 1; bit >= 0; --bit) {
    const auto quarter = ((i >> bit & 1) << 1) | (j >> bit & 1);
    const int along = kPlaceOf[static_cast<std::size_t>(turn)][quarter];
    cell = cell << 2 | static_cast<std::uint64_t>(along);
    turn ^= kTurnAt[static_cast<std::size_t>(along)];
  }
  cell = cell << 1 | 1;
  const auto lowest = lowest_bit_of_level(level);
  return (cell & (~lowest + 1)) | lowest;
}

int s2_level_of(std::uint64_t cell) {
  const int zeros = std::countr_zero(cell);
  return (cell >> 61) < 6 && zeros <= 2 * kLevels && zeros % 2 == 0 ? kLevels - zeros / 2 : -1;
}

LatLon s2_centre_of(std::uint64_t cell) {
  const int level = s2_level_of(cell);
  const int face = static_cast<int>(cell >> 61);
  double s = 0, t = 0, size = 1;
  int turn = face & 1;
  for (int depth = 1; depth <= level; ++depth) {
    const auto along = static_cast<std::size_t>(cell >> (61 - 2 * depth) & 3);
    const int quarter = kQuarterAt[static_cast<std::size_t>(turn)][along];
    size /= 2;
    s += (quarter >> 1) * size;
    t += (quarter & 1) * size;
    turn ^= kTurnAt[along];
  }
  const auto p = on_globe({face, unstretched(s + size / 2), unstretched(t + size / 2)});
  const double lat = std::atan2(p[2], std::hypot(p[0], p[1])), lon = std::atan2(p[1], p[0]);
  return LatLon::from_degrees(lat / kRadians, lon / kRadians).value_or(LatLon{});
}

}  // namespace cairn
