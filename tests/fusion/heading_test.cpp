#include "fusion/heading.hpp"

#include "tests/catch.hpp"
#include "tests/fusion/drive.hpp"

#include <algorithm>
#include <cmath>

using namespace cairn;
using namespace cairn::fusion;
using testing::DriveOptions;
using testing::Random;
using testing::simulated_drive;

namespace {

double median_error_deg(const testing::Drive& drive, const Trajectory& trajectory, const Headings& headings,
                        double mount_deg) {
  std::vector<double> errors;
  for (std::size_t i = 0; i < trajectory.points.size(); ++i) {
    errors.push_back(
        std::abs(turn_deg(drive.heading_deg[trajectory.points[i].frame] + mount_deg, headings.per_point[i].deg)));
  }
  std::ranges::sort(errors);
  return errors[errors.size() / 2];
}

/// Somebody walks north and takes a photo to the east every 5 s.
SequenceToFuse walk(bool with_headings) {
  SequenceToFuse sequence;
  for (int i = 0; i < 29; ++i) {
    ObservedFrame frame;
    frame.capture.id = testing::frame_numbered(i);
    frame.capture.fix.taken_at = UtcTime{std::chrono::seconds{1'700'000'000 + 5 * i}};
    frame.capture.fix.place = moved(testing::drive_origin(), {i % 3 - 1.0, 6.0 * i});
    frame.capture.fix.accuracy_m = 10;
    if (with_headings) frame.capture.fix.heading_deg = 90;
    sequence.frames.push_back(frame);
  }
  return sequence;
}

}  // namespace

TEST_CASE("a car's camera looks along its course, within a degree") {
  Random random{testing::seed_of_run()};
  DriveOptions options;
  options.winding_dps = 10;
  const auto drive = simulated_drive(random, options);
  const auto trajectory = smoothed_trajectory(drive.sequence, {});
  const auto headings = headings_of(drive.sequence, trajectory);
  REQUIRE(headings.source == HeadingSource::course);
  REQUIRE(median_error_deg(drive, trajectory, headings, 0) < 1);
}

TEST_CASE("a camera that looks sideways keeps its mount through the turns") {
  Random random{testing::seed_of_run()};
  DriveOptions options;
  options.winding_dps = 10;
  options.mount_yaw_deg = 90;
  options.device_headings = true;
  const auto drive = simulated_drive(random, options);
  const auto trajectory = smoothed_trajectory(drive.sequence, {});
  const auto headings = headings_of(drive.sequence, trajectory);
  REQUIRE(headings.source == HeadingSource::course_with_mount);
  REQUIRE(headings.mount_deg == Approx(90).margin(2));
  REQUIRE(median_error_deg(drive, trajectory, headings, 90) < 2.5);
}

TEST_CASE(
    "a mount of a few degrees is believed from a device that follows the turns closely, not from a rough compass") {
  Random random{testing::seed_of_run()};
  DriveOptions options;
  options.winding_dps = 12;
  options.mount_yaw_deg = 8;
  options.device_headings = true;
  options.device_noise_deg = 0.5;
  auto drive = simulated_drive(random, options);
  REQUIRE(headings_of(drive.sequence, smoothed_trajectory(drive.sequence, {})).mount_deg == Approx(8).margin(0.5));
  options.device_noise_deg = 8;
  drive = simulated_drive(random, options);
  REQUIRE(headings_of(drive.sequence, smoothed_trajectory(drive.sequence, {})).mount_deg == 0);
}

TEST_CASE("a device heading that never turns is ignored on a winding road") {
  Random random{testing::seed_of_run()};
  DriveOptions options;
  options.winding_dps = 15;
  auto drive = simulated_drive(random, options);
  for (auto& frame : drive.sequence.frames) frame.capture.fix.heading_deg = 123;
  const auto trajectory = smoothed_trajectory(drive.sequence, {});
  const auto headings = headings_of(drive.sequence, trajectory);
  REQUIRE(headings.source == HeadingSource::course);
  REQUIRE(median_error_deg(drive, trajectory, headings, 0) < 1);
}

TEST_CASE("on foot the device says where the camera looks, and without it the way says so") {
  const auto with = walk(true);
  const auto looking = headings_of(with, smoothed_trajectory(with, {}));
  REQUIRE(looking.source == HeadingSource::device);
  for (const auto& heading : looking.per_point) REQUIRE(heading.deg == Approx(90).margin(1));

  const auto without = walk(false);
  const auto walking = headings_of(without, smoothed_trajectory(without, {}));
  REQUIRE(walking.source == HeadingSource::course);
  for (const auto& heading : walking.per_point) REQUIRE(std::abs(turn_deg(0, heading.deg)) < 20);
}

TEST_CASE("on foot a compass that is turned round is not believed where the pictures see the camera move ahead") {
  auto sequence = walk(true);
  for (std::size_t i = 0; i < sequence.frames.size(); ++i) {
    auto& frame = sequence.frames[i];
    frame.capture.fix.heading_deg = i < 20 ? 180 : 350;
    frame.observation.motion = Motion{60, 0.6, 20, 0.0, i % 4 == 3 ? std::optional<double>{} : 0.99};
  }
  const auto trajectory = smoothed_trajectory(sequence, {});
  const auto headings = headings_of(sequence, trajectory);
  REQUIRE(headings.source == HeadingSource::course);
  for (const auto& heading : headings.per_point) CHECK(std::abs(turn_deg(0, heading.deg)) < 25);
}

TEST_CASE("on foot a camera that is carried backwards looks back along the way") {
  auto sequence = walk(true);
  for (auto& frame : sequence.frames) {
    frame.capture.fix.heading_deg = 175;
    frame.observation.motion = Motion{60, 0.6, 20, 0.0, -0.98};
  }
  const auto headings = headings_of(sequence, smoothed_trajectory(sequence, {}));
  REQUIRE(headings.source == HeadingSource::device);
  for (const auto& heading : headings.per_point) CHECK(std::abs(turn_deg(175, heading.deg)) < 3);
}

TEST_CASE("frames at a traffic light keep the heading of their neighbours") {
  Random random{testing::seed_of_run()};
  DriveOptions options;
  options.jitter_m = 0.1;
  auto drive = simulated_drive(random, options);
  const auto waits_at = drive.sequence.frames[60].capture.fix;
  for (std::size_t i = 60; i < drive.sequence.frames.size(); ++i) {
    auto& frame = drive.sequence.frames[i];
    frame.capture.fix.place = waits_at.place;
    frame.observation.motion.reset();
  }
  const auto trajectory = smoothed_trajectory(drive.sequence, {});
  const auto headings = headings_of(drive.sequence, trajectory);
  for (const auto& heading : headings.per_point) REQUIRE(std::abs(turn_deg(0, heading.deg)) < 5);
}

TEST_CASE("a single frame has the device's heading, or none") {
  auto sequence = walk(true);
  sequence.frames.resize(1);
  REQUIRE(headings_of(sequence, smoothed_trajectory(sequence, {})).per_point[0].deg == Approx(90));
  sequence.frames[0].capture.fix.heading_deg = std::nan("");
  REQUIRE(headings_of(sequence, smoothed_trajectory(sequence, {})).source == HeadingSource::unknown);
}

TEST_CASE("where its sender states how the camera was mounted, that goes before what the device says") {
  auto sequence = walk(true);
  sequence.mount_deg = -90;
  const auto headings = headings_of(sequence, smoothed_trajectory(sequence, {}));
  REQUIRE(headings.mount_deg == -90);
  for (const auto& heading : headings.per_point) REQUIRE(std::abs(turn_deg(270, heading.deg)) < 30);
}

TEST_CASE("a stated mount says nothing about a camera without a course") {
  auto sequence = walk(true);
  sequence.frames.resize(1);
  sequence.mount_deg = -90;
  const auto headings = headings_of(sequence, smoothed_trajectory(sequence, {}));
  REQUIRE(std::abs(turn_deg(90, headings.per_point.at(0).deg)) < 1);
}
