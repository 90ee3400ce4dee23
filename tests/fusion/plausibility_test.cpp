#include "fusion/plausibility.hpp"

#include "tests/catch.hpp"
#include "tests/fusion/drive.hpp"

#include <algorithm>

using namespace cairn;
using namespace cairn::fusion;
using testing::DriveOptions;
using testing::Random;
using testing::simulated_drive;

namespace {

std::vector<Plausibility> checked(const SequenceToFuse& sequence) {
  return plausibility_of(sequence, smoothed_trajectory(sequence, {}), {});
}

std::ptrdiff_t refused(const std::vector<Plausibility>& found) {
  return std::ranges::count_if(found, [](const Plausibility& p) { return p.refusal.has_value(); });
}

}  // namespace

TEST_CASE("real drives are plausible: in town, on a motorway, standing") {
  Random random{testing::seed_of_run()};
  for (const double speed : {0.0, 1.4, 12.0, 38.0}) {
    DriveOptions options;
    options.speed_mps = speed;
    options.winding_dps = speed > 20 ? 3 : 15;
    options.jitter_m = 1;
    CAPTURE(speed);
    REQUIRE(refused(checked(simulated_drive(random, options).sequence)) == 0);
  }
}

TEST_CASE("a road vehicle at 900 km/h is refused, with its speed") {
  Random random{testing::seed_of_run()};
  DriveOptions options;
  options.speed_mps = 250;
  const auto found = checked(simulated_drive(random, options).sequence);
  REQUIRE(refused(found) == static_cast<std::ptrdiff_t>(found.size()));
  REQUIRE(found[10].refusal->reason == Reason::implausible_track);
  REQUIRE(found[10].refusal->detail.starts_with("speed "));
}

TEST_CASE("a place that its neighbours contradict is refused, and they are not") {
  Random random{testing::seed_of_run()};
  auto drive = simulated_drive(random, {});
  auto& fix = drive.sequence.frames[40].capture.fix;
  fix.place = moved(fix.place, {-60, 20});
  const auto found = checked(drive.sequence);
  REQUIRE(found[40].refusal);
  REQUIRE(refused(found) == 1);
}

TEST_CASE("a fix whose accuracy is worse than the rules allow is refused") {
  Random random{testing::seed_of_run()};
  auto drive = simulated_drive(random, {});
  drive.sequence.frames[7].capture.fix.accuracy_m = 400;
  const auto found = checked(drive.sequence);
  REQUIRE(found[7].refusal->detail == "accuracy 400.0 m");
  REQUIRE(refused(found) == 1);
}

TEST_CASE("a receiver that repeats one place while the pictures drive on is refused, a car that waits is not") {
  Random random{testing::seed_of_run()};
  auto drive = simulated_drive(random, {});
  auto& frames = drive.sequence.frames;
  const auto place = frames[80].capture.fix.place;
  for (std::size_t i = 80; i < frames.size(); ++i) frames[i].capture.fix.place = place;
  const auto found = checked(drive.sequence);
  REQUIRE(found[110].stuck_s > 5);
  REQUIRE(found[110].refusal->reason == Reason::implausible_track);

  for (std::size_t i = 80; i < frames.size(); ++i) frames[i].observation.motion->median_flow_px = 0.1;
  REQUIRE_FALSE(checked(drive.sequence)[110].refusal);
}
