#include "fusion/trajectory.hpp"

#include "tests/catch.hpp"
#include "tests/fusion/drive.hpp"

#include <cmath>
#include <numeric>

using namespace cairn;
using namespace cairn::fusion;
using testing::DriveOptions;
using testing::Random;
using testing::simulated_drive;

namespace {

struct Errors {
  double raw_m = 0, smoothed_m = 0;
};
Errors mean_errors(const testing::Drive& drive, const Trajectory& trajectory) {
  Errors errors;
  for (const auto& point : trajectory.points) {
    const auto raw = step_between(testing::drive_origin(), drive.sequence.frames[point.frame].capture.fix.place);
    const auto smooth = step_between(testing::drive_origin(), moved(trajectory.origin, point.at));
    const auto& truth = drive.truth[point.frame];
    errors.raw_m += std::hypot(raw.east_m - truth.east_m, raw.north_m - truth.north_m);
    errors.smoothed_m += std::hypot(smooth.east_m - truth.east_m, smooth.north_m - truth.north_m);
  }
  const auto count = static_cast<double>(trajectory.points.size());
  return {errors.raw_m / count, errors.smoothed_m / count};
}

}  // namespace

TEST_CASE("smoothing halves the jitter of fixes on a winding road") {
  Random random{testing::seed_of_run()};
  DriveOptions options;
  options.winding_dps = 8;
  options.jitter_m = 1.5;
  const auto drive = simulated_drive(random, options);
  const auto errors = mean_errors(drive, smoothed_trajectory(drive.sequence, {}));
  CAPTURE(errors.raw_m, errors.smoothed_m);
  REQUIRE(errors.smoothed_m < 0.5 * errors.raw_m);
}

TEST_CASE("smoothing does not cut the corners of exact fixes") {
  Random random{testing::seed_of_run()};
  DriveOptions options;
  options.winding_dps = 20;
  options.jitter_m = 0.02;
  options.accuracy_m = 5;
  const auto drive = simulated_drive(random, options);
  REQUIRE(mean_errors(drive, smoothed_trajectory(drive.sequence, {})).smoothed_m < 0.15);
}

TEST_CASE("one jump of the receiver moves only its own frame") {
  Random random{testing::seed_of_run()};
  auto drive = simulated_drive(random, {});
  auto& jumped = drive.sequence.frames[60].capture.fix;
  jumped.place = moved(jumped.place, {80, 0});
  const auto trajectory = smoothed_trajectory(drive.sequence, {});
  REQUIRE(trajectory.points[60].shift_m == Approx(80).margin(2));
  for (const auto& point : trajectory.points) {
    const auto at = step_between(testing::drive_origin(), moved(trajectory.origin, point.at));
    CAPTURE(point.frame);
    REQUIRE(std::hypot(at.east_m - drive.truth[point.frame].east_m, at.north_m - drive.truth[point.frame].north_m) <
            1.5);
  }
}

TEST_CASE("points come in the order of time, whatever the order of frames") {
  Random random{testing::seed_of_run()};
  auto drive = simulated_drive(random, {});
  const auto forwards = smoothed_trajectory(drive.sequence, {});
  std::ranges::reverse(drive.sequence.frames);
  const auto backwards = smoothed_trajectory(drive.sequence, {});
  REQUIRE(forwards.points.size() == backwards.points.size());
  for (std::size_t i = 0; i < forwards.points.size(); ++i) {
    REQUIRE(forwards.points[i].frame + backwards.points[i].frame == forwards.points.size() - 1);
    REQUIRE(forwards.points[i].at.east_m == backwards.points[i].at.east_m);
  }
}

TEST_CASE("frames refused before take no part") {
  Random random{testing::seed_of_run()};
  auto drive = simulated_drive(random, {});
  drive.sequence.frames[5].refusal = Refusal{Reason::redaction_failed, ""};
  drive.sequence.frames[5].capture.fix.place = LatLon{};
  const auto trajectory = smoothed_trajectory(drive.sequence, {});
  REQUIRE(trajectory.points.size() == drive.sequence.frames.size() - 1);
  REQUIRE(mean_errors(drive, trajectory).smoothed_m < 1);
}

TEST_CASE("frames of one second are spread over it, so that no speed is infinite") {
  Random random{testing::seed_of_run()};
  auto drive = simulated_drive(random, {});
  for (auto& frame : drive.sequence.frames) {
    frame.capture.fix.taken_at = std::chrono::floor<std::chrono::seconds>(frame.capture.fix.taken_at);
  }
  const auto trajectory = smoothed_trajectory(drive.sequence, {});
  for (std::size_t i = 1; i < trajectory.points.size(); ++i)
    REQUIRE(trajectory.points[i].time_s > trajectory.points[i - 1].time_s);
  for (const auto& point : trajectory.points) REQUIRE(point.speed_mps < 25);
}

TEST_CASE("the accuracy of a smoothed place is never better than the receiver's staying error") {
  Random random{testing::seed_of_run()};
  const auto drive = simulated_drive(random, {});
  for (const auto& point : smoothed_trajectory(drive.sequence, {}).points) {
    REQUIRE(point.accuracy_m >= 0.8 * 3);
    REQUIRE(point.accuracy_m <= 3.001);
  }
}

TEST_CASE("accuracies that are no number, zero or negative count as not stated") {
  Random random{testing::seed_of_run()};
  auto drive = simulated_drive(random, {});
  drive.sequence.frames[3].capture.fix.accuracy_m = std::nan("");
  drive.sequence.frames[4].capture.fix.accuracy_m = -1;
  drive.sequence.frames[5].capture.fix.accuracy_m = 0;
  const auto trajectory = smoothed_trajectory(drive.sequence, {});
  for (const int i : {3, 4, 5}) REQUIRE(trajectory.points[i].claimed_accuracy_m == FuseRules{}.default_accuracy_m);
  REQUIRE(std::isfinite(trajectory.points[3].at.east_m));
}

TEST_CASE("one frame and no frame are trajectories too") {
  Random random{testing::seed_of_run()};
  DriveOptions options;
  options.frames = 1;
  const auto drive = simulated_drive(random, options);
  const auto trajectory = smoothed_trajectory(drive.sequence, {});
  REQUIRE(trajectory.points.size() == 1);
  REQUIRE(moved(trajectory.origin, trajectory.points[0].at) == drive.sequence.frames[0].capture.fix.place);
  REQUIRE(smoothed_trajectory({}, {}).points.empty());
}
