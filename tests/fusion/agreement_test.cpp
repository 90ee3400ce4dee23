#include "fusion/agreement.hpp"

#include "tests/catch.hpp"
#include "tests/fusion/drive.hpp"

#include <algorithm>
#include <cstdio>

using namespace cairn;
using namespace cairn::fusion;
using testing::Drive;
using testing::DriveOptions;
using testing::Random;
using testing::simulated_drive;

namespace {

Agreement agreement(const SequenceToFuse& sequence) {
  return agreement_of(sequence, smoothed_trajectory(sequence, {}));
}

DriveOptions road(double winding_dps, int frames = 200) {
  DriveOptions options;
  options.winding_dps = winding_dps;
  options.frames = frames;
  options.jitter_m = 0.5;
  return options;
}

/// The pictures of one drive on the track of another.
SequenceToFuse pasted(const Drive& pictures, const Drive& track) {
  auto sequence = track.sequence;
  for (std::size_t i = 0; i < sequence.frames.size(); ++i)
    sequence.frames[i].observation = pictures.sequence.frames[i].observation;
  return sequence;
}

}  // namespace

TEST_CASE("a real drive on a winding road is believed") {
  Random random{testing::seed_of_run()};
  const auto found = agreement(simulated_drive(random, road(10)).sequence);
  REQUIRE(found.informative);
  REQUIRE(found.correlation > 0.9);
  REQUIRE(found.turning_llr == Approx(6));
  REQUIRE(found.trust > 0.99);
}

TEST_CASE("another drive's track on a winding road is not believed") {
  Random random{testing::seed_of_run()};
  const auto found = agreement(pasted(simulated_drive(random, road(10)), simulated_drive(random, road(10))));
  REQUIRE(found.informative);
  REQUIRE(found.trust < FuseRules{}.least_trust);
}

TEST_CASE("a mirrored track is not believed") {
  Random random{testing::seed_of_run()};
  auto drive = simulated_drive(random, road(10));
  for (auto& frame : drive.sequence.frames) {
    const auto step = step_between(testing::drive_origin(), frame.capture.fix.place);
    frame.capture.fix.place = moved(testing::drive_origin(), {-step.east_m, step.north_m});
  }
  REQUIRE(agreement(drive.sequence).trust < FuseRules{}.least_trust);
}

TEST_CASE("the pictures of a drive on its own track, but of another time, are not believed") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  constexpr int kDrives = 20;
  for (const std::size_t frames_late : {17, 50, 100}) {  // 5, 15 and 30 s
    int refused = 0, believed = 0;
    for (int i = 0; i < kDrives; ++i) {
      const auto drive = simulated_drive(random, road(10, 300));
      SequenceToFuse sequence;
      for (std::size_t at = 0; at < 200; ++at) {
        sequence.frames.push_back(drive.sequence.frames[at]);
        sequence.frames.back().observation = drive.sequence.frames[at + frames_late].observation;
      }
      const double trust = agreement(sequence).trust;
      refused += trust < FuseRules{}.least_trust ? 1 : 0;
      believed += trust > 0.95 ? 1 : 0;
    }
    CAPTURE(frames_late, refused);
    REQUIRE(believed == 0);
    REQUIRE(refused >= kDrives * 9 / 10);
  }
}

TEST_CASE("on a straight road the turns say nothing: trust is the prior, for real drives and pasted ones") {
  Random random{testing::seed_of_run()};
  auto options = road(0);
  options.jitter_m = 0.1;
  options.visual_noise_deg = 0.05;
  const auto real = agreement(simulated_drive(random, options).sequence);
  const auto wrong = agreement(pasted(simulated_drive(random, options), simulated_drive(random, options)));
  REQUIRE_FALSE(real.informative);
  REQUIRE(real.turning_llr == 0);
  REQUIRE(real.trust == Approx(0.8).margin(0.001));
  REQUIRE(wrong.trust == real.trust);
}

TEST_CASE("a device's signature raises trust, but never above a contradiction") {
  Random random{testing::seed_of_run()};
  auto drive = simulated_drive(random, road(0));
  const auto unsigned_trust = agreement(drive.sequence).trust;
  drive.sequence.signed_share = 0.5;
  const auto half = agreement(drive.sequence).trust;
  drive.sequence.signed_share = 1;
  REQUIRE(unsigned_trust < half);
  REQUIRE(half < agreement(drive.sequence).trust);
  auto wrong = pasted(simulated_drive(random, road(10)), simulated_drive(random, road(0)));
  wrong.signed_share = 1;
  REQUIRE(agreement(wrong).trust < FuseRules{}.least_trust);
}

TEST_CASE("turns in the pictures on a straight track are a contradiction") {
  Random random{testing::seed_of_run()};
  const auto found = agreement(pasted(simulated_drive(random, road(10)), simulated_drive(random, road(0))));
  REQUIRE(found.trust < FuseRules{}.least_trust);
}

TEST_CASE("a camera clock half a second late is found and forgiven") {
  Random random{testing::seed_of_run()};
  auto drive = simulated_drive(random, road(10));
  auto& frames = drive.sequence.frames;
  for (std::size_t i = frames.size() - 1; i >= 3; --i) frames[i].observation = frames[i - 2].observation;
  const auto found = agreement(drive.sequence);
  REQUIRE(found.lag_s == Approx(0.5).margin(0.26));
  REQUIRE(found.trust > 0.99);
}

TEST_CASE("a focal length guessed a quarter wrong is forgiven") {
  Random random{testing::seed_of_run()};
  auto drive = simulated_drive(random, road(10));
  for (auto& frame : drive.sequence.frames) {
    if (frame.observation.motion) *frame.observation.motion->yaw_deg *= 1.25;
  }
  REQUIRE(agreement(drive.sequence).trust > 0.99);
}

TEST_CASE("few frames, frames without motion, panoramas and walks abstain") {
  Random random{testing::seed_of_run()};
  REQUIRE_FALSE(agreement(simulated_drive(random, road(10, 12)).sequence).informative);
  auto drive = simulated_drive(random, road(10));
  for (auto& frame : drive.sequence.frames) frame.observation.motion.reset();
  REQUIRE_FALSE(agreement(drive.sequence).informative);
  auto panoramas = simulated_drive(random, road(10));
  for (auto& frame : panoramas.sequence.frames) frame.capture.camera.projection = Projection::equirectangular;
  REQUIRE_FALSE(agreement(panoramas.sequence).informative);
  auto options = road(20);
  options.speed_mps = 1.4;
  options.step_s = 5;
  REQUIRE(agreement(simulated_drive(random, options).sequence).trust == Approx(0.8).margin(0.001));
}

TEST_CASE("pictures that stand still on a driving track are not believed") {
  Random random{testing::seed_of_run()};
  auto drive = simulated_drive(random, road(0));
  for (auto& frame : drive.sequence.frames) {
    if (!frame.observation.motion) continue;
    frame.observation.motion->yaw_deg = 0;
    frame.observation.motion->median_flow_px = 0.05;
  }
  const auto found = agreement(drive.sequence);
  REQUIRE(found.still_share == Approx(1));
  REQUIRE(found.trust < FuseRules{}.least_trust);
}

TEST_CASE("over many drives of 30 s no real one is refused and few pasted ones pass") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  constexpr int kDrives = 40;
  int real_refused = 0, pasted_passed = 0, pasted_believed = 0;
  for (int i = 0; i < kDrives; ++i) {
    auto options = road(random.between(3, 12), 100);
    options.jitter_m = random.between(0.1, 2);
    options.speed_mps = random.between(6, 25);
    const auto one = simulated_drive(random, options);
    const auto other = simulated_drive(random, options);
    real_refused += agreement(one.sequence).trust < FuseRules{}.least_trust ? 1 : 0;
    const double trust = agreement(pasted(one, other)).trust;
    pasted_passed += trust >= FuseRules{}.least_trust ? 1 : 0;
    pasted_believed += trust > 0.95 ? 1 : 0;
  }
  std::printf(
      "simulated drives of 30 s: %d of %d real ones refused; of as many pasted ones %d not refused, %d believed\n",
      real_refused, kDrives, pasted_passed, pasted_believed);
  REQUIRE(real_refused == 0);
  REQUIRE(pasted_believed <= kDrives / 10);
  REQUIRE(pasted_passed <= kDrives / 4);
}
