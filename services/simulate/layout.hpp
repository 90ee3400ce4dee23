#pragma once
// The streets: a grid of lines, bent by slow waves so that every street curves and none is straight for long.

#include "services/simulate/geometry.hpp"

#include <cstdint>
#include <vector>

namespace cairn::simulate {

/// Cross-section of every street, measured from its centre line.
inline constexpr double kLane_m = 1.6;      ///< middle of a lane
inline constexpr double kParking_m = 4.15;  ///< middle of the parked cars
inline constexpr double kKerb_m = 5.2;      ///< edge of the carriageway
inline constexpr double kPavement_m = 8.0;  ///< outer edge of the pavement

/// A crossing of the grid, counted from the south-west corner.
struct Crossing {
  int east = 0, north = 0;
  friend bool operator==(const Crossing&, const Crossing&) = default;
};

/// Street coordinates (u east, v north, before bending) to and from the ground.
class Layout {
 public:
  Layout(int blocks_east, int blocks_north, double block_m, std::uint64_t seed);

  Vec2 ground_of(Vec2 street) const;
  Vec2 street_of(Vec2 ground) const;
  /// The same, faster, for one who knows how far the streets are shifted near there; tells it for the next place.
  Vec2 street_of(Vec2 ground, Vec2& shift) const;
  /// The direction on the ground in which u (or v) grows.
  Vec2 along_u(Vec2 street) const;
  Vec2 along_v(Vec2 street) const;

  int blocks_east() const { return blocks_east_; }
  int blocks_north() const { return blocks_north_; }
  double block_m() const { return block_m_; }
  double width_m() const { return blocks_east_ * block_m_; }
  double depth_m() const { return blocks_north_ * block_m_; }
  Vec2 street_of(Crossing c) const { return {c.east * block_m_, c.north * block_m_}; }

 private:
  struct Wave {
    double amplitude_m, per_m, phase;
  };
  /// The waves' sum, from a table: the renderer asks for every pixel of ground.
  class Bend {
   public:
    Bend(std::vector<Wave> waves, double from_m, double to_m);
    double at(double t) const;
    double slope(double t) const;

   private:
    std::vector<double> table_;
    double from_m_;
  };
  static Bend bend_of(double length_m, std::uint64_t seed);

  int blocks_east_, blocks_north_;
  double block_m_;
  Bend shift_east_;   ///< of v
  Bend shift_north_;  ///< of u
};

/// One direction of the street between two neighbouring crossings: everything beside it is told from here.
class RoadSide {
 public:
  RoadSide(const Layout& layout, Crossing from, Crossing to) : layout_{&layout}, from_{from}, to_{to} {}
  /// So many street metres from the first crossing, and so many to the right of the middle line.
  Vec2 point(double along_m, double right_m) const;
  double heading_deg(double along_m) const;
  Crossing from() const { return from_; }
  Crossing to() const { return to_; }
  bool along_u() const { return from_.north == to_.north; }
  /// Whether no block of the town lies to its right.
  bool at_edge() const;

 private:
  Vec2 street(double along_m) const;
  Vec2 ahead(double along_m) const;
  const Layout* layout_;
  Crossing from_, to_;
};

/// Every street of the town in both directions.
std::vector<RoadSide> road_sides_of(const Layout& layout);

}  // namespace cairn::simulate
