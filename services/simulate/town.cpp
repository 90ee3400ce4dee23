#include "services/simulate/town.hpp"

#include "services/simulate/random.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace cairn::simulate {
namespace {

struct SignLook {
  SignKind kind;
  std::string_view code;
  int gtsrb_class;
  double size_m;
};
// Sizes within what European streets have: discs 0.6-0.75 m, triangles and stop signs 0.9 m.
constexpr std::array kLooks{
    SignLook{SignKind::speed_30, "speed_30", 1, 0.75},
    SignLook{SignKind::speed_50, "speed_50", 2, 0.75},
    SignLook{SignKind::no_overtaking, "no_overtaking", 9, 0.75},
    SignLook{SignKind::priority_road, "priority_road", 12, 0.84},
    SignLook{SignKind::yield, "yield", 13, 0.9},
    SignLook{SignKind::stop, "stop", 14, 0.9},
    SignLook{SignKind::no_entry, "no_entry", 17, 0.75},
    SignLook{SignKind::caution, "caution", 18, 0.9},
    SignLook{SignKind::bumpy_road, "bumpy_road", 22, 0.9},
    SignLook{SignKind::road_works, "road_works", 25, 0.9},
    SignLook{SignKind::pedestrians, "pedestrians", 27, 0.9},
    SignLook{SignKind::turn_right, "turn_right", 33, 0.75},
    SignLook{SignKind::ahead_only, "ahead_only", 35, 0.75},
    SignLook{SignKind::keep_right, "keep_right", 38, 0.75},
    SignLook{SignKind::roundabout, "roundabout", 40, 0.75},
};

const SignLook& look_of(SignKind kind) { return kLooks[static_cast<std::size_t>(kind)]; }

constexpr std::array<std::uint32_t, 10> kPlasters{0xf2ead8, 0xe9d9b6, 0xd9c7a0, 0xf0e3c8, 0xcfd6d2,
                                                  0xe3c4a8, 0xd8b9a0, 0xc9d3df, 0xefe9e2, 0xbf8f72};

/// Fills the right side of one street.
class SideBuilder {
 public:
  SideBuilder(Town& town, RoadSide side, Random random) : town_{town}, side_{side}, random_{random} {}

  void build(bool lights) {
    add_signs(lights);
    add_buildings();
    add_trees_and_lamps();
  }

 private:
  double block_m() const { return town_.options.block_m; }

  void add_sign(double along_m, SignKind kind) {
    const double facing = side_.heading_deg(along_m) + 180 + random_.between(-4, 4);
    const double lower_edge_m = random_.between(1.95, 2.15);
    const double size = look_of(kind).size_m;
    const Vec2 place = side_.point(along_m, kKerb_m + random_.between(0.4, 0.7));
    town_.signs.push_back({kind, at_height(place, lower_edge_m + size / 2), std::fmod(facing, 360.0), size});
    signs_at_.push_back(along_m);
  }

  void add_signs(bool lights) {
    static const std::vector<SignKind> in_street{SignKind::speed_30,    SignKind::speed_50,   SignKind::no_overtaking,
                                                 SignKind::caution,     SignKind::bumpy_road, SignKind::road_works,
                                                 SignKind::pedestrians, SignKind::speed_30,   SignKind::roundabout};
    static const std::vector<SignKind> at_crossing{SignKind::yield,      SignKind::stop,       SignKind::priority_road,
                                                   SignKind::turn_right, SignKind::ahead_only, SignKind::keep_right,
                                                   SignKind::no_entry,   SignKind::yield};
    add_sign(block_m() * 0.22 + random_.between(-3, 3), random_.one_of(in_street));
    add_sign(block_m() * 0.37 + random_.between(-2, 2), random_.one_of(in_street));
    add_sign(block_m() * 0.53 + random_.between(-3, 3), random_.one_of(in_street));
    if (lights) {
      const double along = block_m() - 9;
      town_.lights.push_back({at_height(side_.point(along, kKerb_m + 0.5), 2.75), side_.heading_deg(along) + 180});
    } else {
      add_sign(block_m() - 13, random_.one_of(at_crossing));
    }
  }

  void add_buildings() {
    // Rows along u reach into the corners, rows along v leave them; the outer side of the edge streets has no gap.
    const double corner = side_.at_edge() ? 0 : side_.along_u() ? 9 : 21;
    double along = corner + random_.between(0, 1.5);
    while (true) {
      // Shop fronts (even facades) are 6 m wide, bays of windows 3 m: a wall holds whole ones.
      const int facade = random_.whole(0, 7);
      const double width = facade % 2 == 0 ? 6.0 * random_.whole(2, 3) : 3.0 * random_.whole(3, 5);
      if (along + width > block_m() - corner) break;
      if (random_.chance(0.1)) {
        add_garden(along, along + width);
      } else {
        add_building(along + width / 2, width, facade);
      }
      along += width + (random_.chance(0.35) ? random_.between(1.5, 4) : 0);
    }
  }

  void add_building(double along_m, double width_m, int facade) {
    const double set_back = kPavement_m + random_.between(0.2, 1.0);
    Building house;
    house.front = side_.point(along_m, set_back);
    house.facing_deg = side_.heading_deg(along_m) - 90;
    house.width_m = width_m;
    house.depth_m = random_.between(9, 11.5);
    house.floors = random_.whole(2, 4);
    house.facade = facade;
    house.gable = random_.chance(0.75);
    house.colour = kPlasters[static_cast<std::size_t>(random_.whole(0, kPlasters.size() - 1))];
    town_.buildings.push_back(house);
  }

  void add_garden(double from_m, double to_m) {
    town_.hedges.push_back(
        {side_.point(from_m, kPavement_m + 0.4), side_.point(to_m, kPavement_m + 0.4), random_.between(0.9, 1.5)});
    for (double along = from_m + 2; along < to_m - 1; along += random_.between(4, 6))
      add_tree(side_.point(along, random_.between(11, 17)));
  }

  void add_tree(Vec2 place) {
    const double height = random_.between(6, 10);
    town_.trees.push_back({place, height, height * random_.between(0.5, 0.62), random_.whole(0, kTreeLooks - 1)});
  }

  void add_trees_and_lamps() {
    for (double along = 14; along < block_m() - 10; along += 26)
      town_.lamps.push_back({side_.point(along, kKerb_m + 0.5), side_.heading_deg(along) - 90});
    for (double along = 22; along < block_m() - 18; along += random_.between(11, 15))
      if (!hides_a_sign(along) && random_.chance(0.55)) add_tree(side_.point(along, kKerb_m + 1.0));
  }

  bool hides_a_sign(double along_m) const {
    for (const double sign : signs_at_)
      if (along_m > sign - 5 && along_m < sign + 2.5) return true;
    return false;
  }

  Town& town_;
  RoadSide side_;
  Random random_;
  std::vector<double> signs_at_;
};

/// Trees of the fields around the town.
void add_woods(Town& town, Random random) {
  const double reach_x = town.layout.width_m() / 2, reach_y = town.layout.depth_m() / 2;
  for (int i = 0; i < 160; ++i) {
    const double angle = random.between(0, 2 * kPi), out = random.between(45, 130);
    const Vec2 place{std::cos(angle) * (reach_x + out) * 1.2, std::sin(angle) * (reach_y + out) * 1.2};
    const double height = random.between(7, 13);
    town.trees.push_back({place, height, height * 0.6, random.whole(0, kTreeLooks - 1)});
  }
}

bool has_lights(Crossing c, const Random& random) {
  return random.fork(static_cast<std::uint64_t>(c.east * 64 + c.north)).unit() < 0.25;
}

}  // namespace

std::string_view code_of(SignKind kind) { return look_of(kind).code; }
int gtsrb_class_of(SignKind kind) { return look_of(kind).gtsrb_class; }

Town make_town(const TownOptions& options) {
  if (options.blocks_east < 1 || options.blocks_north < 1 || options.blocks_east > 40 || options.blocks_north > 40)
    throw std::invalid_argument("a town has 1 to 40 blocks a side");
  if (!(options.block_m >= 70 && options.block_m <= 300)) throw std::invalid_argument("a block is 70 to 300 m wide");
  Town town{
      options, Layout{options.blocks_east, options.blocks_north, options.block_m, options.seed}, {}, {}, {}, {}, {},
      {}};
  const Random random{options.seed};
  std::uint64_t stream = 100;
  for (const auto& side : road_sides_of(town.layout)) {
    const bool lights = has_lights(side.to(), random.fork(7));
    SideBuilder{town, side, random.fork(stream++)}.build(lights);
  }
  add_woods(town, random.fork(8));
  return town;
}

LatLon place_of(const Town& town, Vec2 ground) { return moved(town.options.origin, {ground.x, ground.y}); }

}  // namespace cairn::simulate
