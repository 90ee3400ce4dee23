#include "services/simulate/traffic.hpp"

namespace cairn::simulate {
namespace {

std::string plate_text(Random& random) {
  // No country's pattern: two letters, three digits, two letters, without those that look like digits.
  static constexpr std::string_view letters = "ABCEFHJKLMNPRTVXYZ";
  const auto letter = [&] {
    return letters[static_cast<std::size_t>(random.whole(0, static_cast<int>(letters.size()) - 1))];
  };
  std::string text{letter(), letter(), ' '};
  text += std::to_string(random.whole(100, 999)) + ' ';
  text += letter();
  text += letter();
  return text;
}

Car any_car(Random& random, int number) {
  Car car;
  car.paint = random.whole(0, static_cast<int>(kCarPaints.size()) - 1);
  car.shape = random.chance(0.12) ? 2 : random.whole(0, 1);
  car.plate = plate_text(random);
  car.number = number;
  return car;
}

}  // namespace

TrafficPlan::TrafficPlan(const Town& town, const Route& route, Random random)
    : route_{route}, block_m_{town.options.block_m} {
  std::uint64_t stream = 0;
  for (const auto& side : road_sides_of(town.layout)) {
    Random own = random.fork(stream++);
    park_beside(side, own);
    walk_beside(side, own);
    if (own.chance(0.45)) {
      const double from_m = own.between(0, 200);
      const double speed_mps = own.between(6, 9);
      movers_.push_back({side, from_m, speed_mps, any_car(own, 10'000 + static_cast<int>(movers_.size()))});
    }
  }
  Random last = random.fork(1'000'000);
  leader_ = any_car(last, 20'000);
  leader_gap_m_ = last.chance(0.6) ? last.between(12, 22) : 0;
}

void TrafficPlan::park_beside(const RoadSide& side, Random& random) {
  for (double along = 18; along < block_m_ - 20; along += random.between(5.6, 6.6)) {
    if (!random.chance(0.6)) continue;
    Car car = any_car(random, static_cast<int>(parked_.size()));
    car.place = side.point(along, kParking_m + random.between(-0.1, 0.1));
    car.heading_deg = side.heading_deg(along) + random.between(-1.5, 1.5);
    parked_.push_back(car);
  }
}

void TrafficPlan::walk_beside(const RoadSide& side, Random& random) {
  for (double along = random.between(2, 10); along < block_m_; along += random.between(7, 22)) {
    const bool with_traffic = random.chance(0.5);
    Person person;
    person.height_m = random.between(1.58, 1.86);
    person.look = random.whole(0, kPersonLooks - 1);
    person.step = random.unit();
    person.number = static_cast<int>(walkers_.size());
    walkers_.push_back({side, along, random.between(6.4, 7.7), random.chance(0.2) ? 0.0 : random.between(1.0, 1.5),
                        with_traffic, person});
  }
}

Traffic TrafficPlan::at(double seconds, double route_m) const {
  Traffic now{parked_, {}};
  const Vec2 driver = route_.at(route_m).place;
  const bool led = leader_gap_m_ > 0 && route_m + leader_gap_m_ < route_.length_m();
  const auto ahead = route_.at(route_m + leader_gap_m_);
  for (const auto& walker : walkers_) {
    // Up and down the street: a walker that left its end comes in at the other.
    const double gone = walker.from_m + (walker.with_traffic ? 1 : -1) * walker.speed_mps * seconds;
    const double along = gone - block_m_ * std::floor(gone / block_m_);
    Person person = walker.person;
    person.place = walker.side.point(along, walker.right_m);
    person.heading_deg = walker.side.heading_deg(along) + (walker.with_traffic ? 0 : 180);
    person.step += seconds * walker.speed_mps / 1.4;
    person.step -= std::floor(person.step);
    now.people.push_back(person);
  }
  for (const auto& mover : movers_) {
    const double gone = mover.from_m + mover.speed_mps * seconds;
    const double along = gone - 200 * std::floor(gone / 200);
    if (along > block_m_) continue;
    Car car = mover.car;
    car.place = mover.side.point(along, kLane_m);
    car.heading_deg = mover.side.heading_deg(along);
    car.lamps_on = true;
    const bool room = length(car.place - driver) > 9 && (!led || length(car.place - ahead.place) > 8);
    if (room) now.cars.push_back(car);
  }
  if (led) {
    Car car = leader_;
    car.place = ahead.place;
    car.heading_deg = ahead.heading_deg;
    car.lamps_on = true;
    now.cars.push_back(car);
  }
  return now;
}

}  // namespace cairn::simulate
