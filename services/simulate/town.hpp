#pragma once
// What stands in the town, whoever drives through it.

#include "core/lat_lon.hpp"
#include "services/simulate/layout.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace cairn::simulate {

/// Empty steppe of the Hortobagy: dry land, no town for kilometres, no street that ours could be confused with.
inline const LatLon kDefaultOrigin = *LatLon::from_degrees(47.5800, 21.0800);

struct TownOptions {
  std::uint64_t seed = 1;
  LatLon origin = kDefaultOrigin;  ///< of the town's middle
  double altitude_m = 90;          ///< of its ground
  int blocks_east = 4, blocks_north = 3;
  double block_m = 90;  ///< between the middle lines of streets
};

enum class SignKind {
  speed_30,
  speed_50,
  no_overtaking,
  priority_road,
  yield,
  stop,
  no_entry,
  caution,
  bumpy_road,
  road_works,
  pedestrians,
  turn_right,
  ahead_only,
  keep_right,
  roundabout,
};
std::string_view code_of(SignKind kind);
/// The class number of the German sign benchmarks (GTSRB, GTSDB) that looks like it.
int gtsrb_class_of(SignKind kind);

struct Sign {
  SignKind kind = SignKind::stop;
  Vec3 centre;            ///< of its face
  double facing_deg = 0;  ///< the direction its face looks in
  double size_m = 0.7;    ///< width and height
};

struct TrafficLight {
  Vec3 centre;
  double facing_deg = 0;
};

struct Building {
  Vec2 front;             ///< middle of the street side
  double facing_deg = 0;  ///< the direction the street side looks in
  double width_m = 12, depth_m = 10;
  int floors = 3;
  int facade = 0;  ///< which texture
  bool gable = true;
  std::uint32_t colour = 0xffffff;  ///< of its plaster, 0xRRGGBB
};

inline constexpr int kTreeLooks = 4;

struct Tree {
  Vec2 place;
  double height_m = 7, crown_m = 4;
  int look = 0;
};

struct Lamp {
  Vec2 place;
  double facing_deg = 0;  ///< where its arm reaches
};

struct Hedge {
  Vec2 from, to;
  double height_m = 1.2;
};

struct Town {
  TownOptions options;
  Layout layout;
  std::vector<Sign> signs;
  std::vector<TrafficLight> lights;
  std::vector<Building> buildings;
  std::vector<Tree> trees;
  std::vector<Lamp> lamps;
  std::vector<Hedge> hedges;
};

/// Throws std::invalid_argument for a town without streets or larger than 40 blocks a side.
Town make_town(const TownOptions&);

/// A place of the town on the globe.
LatLon place_of(const Town&, Vec2 ground);

}  // namespace cairn::simulate
