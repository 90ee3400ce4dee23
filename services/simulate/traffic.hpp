#pragma once
// Who else is in the streets during one drive: other drives meet other cars and people.

#include "services/simulate/random.hpp"
#include "services/simulate/route.hpp"
#include "services/simulate/town.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace cairn::simulate {

/// 0xRRGGBB
inline constexpr std::array<std::uint32_t, 10> kCarPaints{0xb8bcc0, 0x2b2d31, 0xe8e8e6, 0x7d8288, 0x8c1f22,
                                                          0x27456f, 0x3c5a3e, 0xc8b68c, 0x1c2430, 0x9fb4c4};

struct Car {
  Vec2 place;
  double heading_deg = 0;
  int paint = 0;          ///< of kCarPaints
  int shape = 0;          ///< 0 hatchback, 1 estate, 2 van
  bool lamps_on = false;  ///< at night
  std::string plate;
  int number = 0;  ///< the same car in all frames
};

struct Person {
  Vec2 place;
  double heading_deg = 0;
  double height_m = 1.72;
  int look = 0;     ///< which clothes and hair
  double step = 0;  ///< phase of the walk, 0-1
  int number = 0;
};

/// Everyone at one moment.
struct Traffic {
  std::vector<Car> cars;
  std::vector<Person> people;
};

inline constexpr int kPersonLooks = 12;

/// What moves and what is parked, for any moment of a drive.
class TrafficPlan {
 public:
  TrafficPlan(const Town&, const Route&, Random);
  /// `seconds` since the drive began, when the driver was `route_m` along the route.
  Traffic at(double seconds, double route_m) const;

 private:
  struct Walker {
    RoadSide side;
    double from_m, right_m, speed_mps;
    bool with_traffic;
    Person person;
  };
  struct Mover {
    RoadSide side;
    double from_m, speed_mps;
    Car car;
  };
  void park_beside(const RoadSide&, Random&);
  void walk_beside(const RoadSide&, Random&);

  const Route route_;
  double block_m_;
  std::vector<Car> parked_;
  std::vector<Walker> walkers_;
  std::vector<Mover> movers_;
  Car leader_;
  double leader_gap_m_;
};

}  // namespace cairn::simulate
