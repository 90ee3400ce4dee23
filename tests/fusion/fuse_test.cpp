#include "fusion/fuse.hpp"

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

double value_of(const Values& values, const std::string& name) {
  const auto found = std::ranges::find(values, name, &Value::name);
  REQUIRE(found != values.end());
  return found->value;
}

}  // namespace

TEST_CASE("every frame gets a verdict, in the order of frames, with the values that led there") {
  Random random{testing::seed_of_run()};
  DriveOptions options;
  options.winding_dps = 8;
  const auto drive = simulated_drive(random, options);
  const auto fused = fuse(drive.sequence);
  REQUIRE(fused.verdicts.size() == drive.sequence.frames.size());
  for (std::size_t i = 0; i < fused.verdicts.size(); ++i) {
    const auto& verdict = fused.verdicts[i];
    REQUIRE(verdict.frame == drive.sequence.frames[i].capture.id);
    REQUIRE(verdict.accepted());
    REQUIRE(verdict.trust > 0.9);
    REQUIRE(verdict.quality == 1);
    REQUIRE(verdict.pose.taken_at == drive.sequence.frames[i].capture.fix.taken_at);
    REQUIRE(value_of(verdict.values, "speed_mps") == Approx(12).margin(3));
    REQUIRE(value_of(verdict.values, "motion_llr") > 2);
  }
}

TEST_CASE("a frame refused before keeps its refusal and its claims") {
  Random random{testing::seed_of_run()};
  auto drive = simulated_drive(random, {});
  auto& frame = drive.sequence.frames[9];
  frame.refusal = Refusal{Reason::redaction_failed, "no model"};
  const auto fused = fuse(drive.sequence);
  REQUIRE(fused.verdicts[9].refusal == frame.refusal);
  REQUIRE(fused.verdicts[9].pose.place == frame.capture.fix.place);
  REQUIRE(fused.verdicts[8].accepted());
}

TEST_CASE("a frame whose fix its receiver signed has that among its values, others don't, and nothing else changes") {
  Random random{testing::seed_of_run()};
  auto drive = simulated_drive(random, {});
  const auto before = fuse(drive.sequence);
  drive.sequence.frames[3].capture.fix.receiver_signed = true;
  const auto after = fuse(drive.sequence);
  REQUIRE(value_of(after.verdicts[3].values, "receiver_signed") == 1);
  REQUIRE(std::ranges::find(after.verdicts[4].values, "receiver_signed", &Value::name) == after.verdicts[4].values.end());
  REQUIRE(after.verdicts[3].trust == before.verdicts[3].trust);
  REQUIRE(after.verdicts[3].values.size() == before.verdicts[3].values.size() + 1);
}

TEST_CASE("what the quality gate rejects is refused for the gate's reason, what it degrades is not refused") {
  Random random{testing::seed_of_run()};
  auto drive = simulated_drive(random, {});
  drive.sequence.frames[1].observation.quality = {QualityDecision::reject, 0.1, {"too_dark"}, {}};
  drive.sequence.frames[2].observation.quality = {QualityDecision::reject, 0.1, {"veil", "over_exposed"}, {}};
  drive.sequence.frames[3].observation.quality = {QualityDecision::reject, 0.1, {}, {}};
  drive.sequence.frames[4].observation.quality = {QualityDecision::degrade, 0.4, {"blurred"}, {}};
  const auto fused = fuse(drive.sequence);
  REQUIRE(fused.verdicts[1].refusal->reason == Reason::too_dark);
  REQUIRE(fused.verdicts[1].refusal->detail == "quality score 0.10");
  REQUIRE(fused.verdicts[2].refusal->reason == Reason::over_exposed);
  REQUIRE(fused.verdicts[3].refusal->reason == Reason::blurred);
  REQUIRE(fused.verdicts[4].accepted());
  REQUIRE(fused.verdicts[4].quality == Approx(0.4));
}

TEST_CASE("another driver's track, one of another time and a mirrored one are refused, every frame, and give no sightings") {
  Random random{testing::seed_of_run()};
  DriveOptions options;
  options.winding_dps = 10;
  options.frames = 200;
  options.signs = {{5, 60, 1}, {5, 100, 1}};
  const auto drive = simulated_drive(random, options);
  const auto track_of = [&](const auto& fix_of_frame) {
    auto sequence = drive.sequence;
    for (std::size_t i = 0; i < sequence.frames.size(); ++i) sequence.frames[i].capture.fix = fix_of_frame(i);
    return sequence;
  };
  const auto other = simulated_drive(random, options);
  const auto another_driver = track_of([&](std::size_t i) { return other.sequence.frames[i].capture.fix; });
  const auto mirrored = track_of([&](std::size_t i) {
    auto fix = drive.sequence.frames[i].capture.fix;
    const auto step = step_between(testing::drive_origin(), fix.place);
    fix.place = moved(testing::drive_origin(), {-step.east_m, step.north_m});
    return fix;
  });
  auto of_another_time = drive.sequence;
  constexpr std::size_t kLate = 60;  // frames, 18 s
  for (std::size_t i = 0; i + kLate < of_another_time.frames.size(); ++i)
    of_another_time.frames[i].observation = drive.sequence.frames[i + kLate].observation;
  of_another_time.frames.resize(of_another_time.frames.size() - kLate);
  for (const auto& sequence : {another_driver, mirrored, of_another_time}) {
    const auto fused = fuse(sequence);
    for (const auto& verdict : fused.verdicts) REQUIRE(verdict.refusal->reason == Reason::motion_contradicts);
    REQUIRE(fused.sightings.empty());
  }
}

TEST_CASE("a walk of 29 photos six metres apart with a compass is accepted") {
  Random random{testing::seed_of_run()};
  SequenceToFuse walk;
  for (int i = 0; i < 29; ++i) {
    ObservedFrame frame;
    frame.capture.id = testing::frame_numbered(i);
    frame.capture.fix.taken_at = UtcTime{std::chrono::milliseconds{1'402'136'654'405 + 6100 * i}};
    frame.capture.fix.place =
        moved(testing::drive_origin(), {random.between(-4, 4), 6.0 * std::min(i, 26) + random.between(-2, 2)});
    frame.capture.fix.accuracy_m = 10;
    frame.capture.fix.heading_deg = random.between(0, 360);
    frame.observation.width_px = 1024;
    frame.observation.height_px = 768;
    frame.observation.motion = Motion{60, 0.5, 30, random.between(-20, 20), 0.7};
    walk.frames.push_back(frame);
  }
  for (int i = 26; i < 29; ++i) walk.frames[i].capture.fix.place = walk.frames[26].capture.fix.place;
  const auto fused = fuse(walk);
  for (std::size_t i = 0; i < 29; ++i) {
    REQUIRE(fused.verdicts[i].accepted());
    REQUIRE(ground_distance_m(fused.verdicts[i].pose.place, walk.frames[i].capture.fix.place) <= 10);
  }
}

TEST_CASE("an accepted frame was never moved by more than three times its accuracy") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  for (int run = 0; run < 20; ++run) {
    DriveOptions options;
    options.winding_dps = random.between(0, 20);
    options.jitter_m = random.between(0, 15);
    options.accuracy_m = random.between(0.5, 10);
    options.speed_mps = random.between(0, 40);
    const auto drive = simulated_drive(random, options);
    const auto fused = fuse(drive.sequence);
    for (std::size_t i = 0; i < fused.verdicts.size(); ++i) {
      if (!fused.verdicts[i].accepted()) continue;
      REQUIRE(ground_distance_m(fused.verdicts[i].pose.place, drive.sequence.frames[i].capture.fix.place) <=
              3 * options.accuracy_m + 0.05);
    }
  }
}

TEST_CASE("nothing that a sequence may contain throws or gives a number that is none") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  const std::vector<double> odd{0, -1, 1e300, -1e300, std::nan(""), HUGE_VAL, -HUGE_VAL, 360, 1e-300};
  const auto any_odd = [&] { return odd[static_cast<std::size_t>(random.whole(0, 8))]; };
  for (int run = 0; run < 30; ++run) {
    DriveOptions options;
    options.frames = 40;
    options.signs = {{5, 60, 1}};
    auto drive = simulated_drive(random, options);
    for (auto& frame : drive.sequence.frames) {
      auto& capture = frame.capture;
      if (random.whole(0, 3) == 0) capture.fix.place = random.place();
      if (random.whole(0, 3) == 0)
        capture.fix.taken_at = time_from_micros(random.whole(-100'000'000'000'000, 4'000'000'000'000'000));
      if (random.whole(0, 2) == 0) capture.fix.accuracy_m = any_odd();
      if (random.whole(0, 2) == 0) capture.fix.heading_deg = any_odd();
      if (random.whole(0, 2) == 0) capture.fix.speed_mps = any_odd();
      if (random.whole(0, 2) == 0) capture.fix.altitude_m = any_odd();
      if (random.whole(0, 2) == 0) capture.pitch_deg = any_odd();
      if (random.whole(0, 2) == 0) capture.roll_deg = any_odd();
      if (random.whole(0, 2) == 0) capture.camera.focal_px = any_odd();
      if (random.whole(0, 5) == 0) frame.observation.width_px = frame.observation.height_px = 0;
      if (random.whole(0, 2) == 0) frame.observation.motion = Motion{100, any_odd(), any_odd(), any_odd(), any_odd()};
    }
    const auto fused = fuse(drive.sequence);
    for (const auto& value : fused.values) REQUIRE(std::isfinite(value.value));
    for (const auto& sighting : fused.sightings) {
      for (const double number : {sighting.height_m, sighting.accuracy_m, sighting.score, sighting.facing_deg.value_or(0)}) REQUIRE(std::isfinite(number));
    }
    for (const auto& verdict : fused.verdicts) {
      REQUIRE(std::isfinite(verdict.pose.heading_deg));
      REQUIRE(std::isfinite(verdict.pose.accuracy_m));
      REQUIRE(std::isfinite(verdict.pose.speed_mps));
      REQUIRE(std::isfinite(verdict.pose.altitude_m));
      REQUIRE(std::isfinite(verdict.trust));
      for (const auto& value : verdict.values) REQUIRE(std::isfinite(value.value));
    }
  }
}

TEST_CASE("an empty sequence fuses to nothing, and one frame to one verdict") {
  REQUIRE(fuse({}).verdicts.empty());
  Random random{testing::seed_of_run()};
  DriveOptions options;
  options.frames = 1;
  const auto fused = fuse(simulated_drive(random, options).sequence);
  REQUIRE(fused.verdicts.at(0).accepted());
  REQUIRE(fused.verdicts[0].trust == Approx(0.8).margin(0.001));
}
