#include "tests/fusion/drive.hpp"

#include "core/angle.hpp"

#include <chrono>
#include <cmath>
#include <string>

namespace cairn::testing {
namespace {

constexpr int kWidth_px = 1280, kHeight_px = 720;
constexpr double kFocal_px = 1000;
constexpr double kSignSize_m = 0.7;

double gaussian(Random& random, double sigma) {
  return std::normal_distribution<double>{0, 1}(random.engine()) * sigma;
}

void show_signs(Random& random, const DriveOptions& options, const EastNorth& at, double view_deg,
                Observation& observation) {
  for (const auto& sign : options.signs) {
    const double east = sign.east_m - at.east_m, north = sign.north_m - at.north_m;
    const double ahead = north * std::cos(view_deg / kDegrees) + east * std::sin(view_deg / kDegrees);
    const double right = east * std::cos(view_deg / kDegrees) - north * std::sin(view_deg / kDegrees);
    if (ahead < 4 || ahead > 60) continue;
    const double x = kWidth_px / 2.0 + kFocal_px * right / ahead + gaussian(random, options.box_noise_px);
    const double y = kHeight_px / 2.0 - kFocal_px * sign.up_m / ahead + gaussian(random, options.box_noise_px);
    const double half = kFocal_px * kSignSize_m / ahead / 2;
    if (x - half < 3 || x + half > kWidth_px - 3 || y - half < 3 || y + half > kHeight_px - 3) continue;
    observation.detections.push_back({ObjectClass::sign,
                                      {static_cast<float>(x - half), static_cast<float>(y - half),
                                       static_cast<float>(x + half), static_cast<float>(y + half)},
                                      0.9F});
  }
}

Motion motion_of(Random& random, const DriveOptions& options, double turned_deg) {
  Motion motion;
  motion.tracked_points = 200;
  motion.inlier_share = 0.8;
  motion.median_flow_px = options.speed_mps > 0.5 ? 8 : 0.1;
  motion.yaw_deg = turned_deg + gaussian(random, options.visual_noise_deg);
  motion.forward = std::cos(options.mount_yaw_deg / kDegrees);
  return motion;
}

}  // namespace

LatLon drive_origin() { return *LatLon::from_degrees(55.7, 13.2); }
FrameId frame_numbered(int number) { return FrameId::derived_from({"test", std::to_string(number)}); }
AccountId account_numbered(int number) { return AccountId::derived_from({"test", std::to_string(number)}); }

Drive simulated_drive(Random& random, const DriveOptions& options) {
  Drive drive;
  Random boxes{static_cast<std::uint64_t>(random.whole(0, 1'000'000'000))};
  drive.sequence.id = SequenceId::derived_from({"test", std::to_string(random.whole(0, 1'000'000))});
  drive.sequence.contributor = account_numbered(1);
  EastNorth at;
  double heading_deg = 0, rate_dps = 0, rate_until_s = 0, before_deg = 0;
  constexpr double kTick_s = 0.02;
  double time_s = 0;
  for (int i = 0; i < options.frames; ++i) {
    for (; time_s < i * options.step_s; time_s += kTick_s) {
      if (time_s >= rate_until_s) {
        rate_dps = gaussian(random, options.winding_dps);
        rate_until_s = time_s + random.between(2, 6);
      }
      heading_deg += rate_dps * kTick_s;
      at.east_m += options.speed_mps * kTick_s * std::sin(heading_deg / kDegrees);
      at.north_m += options.speed_mps * kTick_s * std::cos(heading_deg / kDegrees);
    }
    fusion::ObservedFrame frame;
    frame.capture.id = frame_numbered(static_cast<int>(random.whole(0, 1'000'000'000)));
    auto& fix = frame.capture.fix;
    fix.taken_at = UtcTime{std::chrono::seconds{1'780'000'000}} +
                   std::chrono::microseconds{std::llround(i * options.step_s * 1e6)};
    fix.place = moved(drive_origin(), {at.east_m + options.bias.east_m + gaussian(random, options.jitter_m),
                                       at.north_m + options.bias.north_m + gaussian(random, options.jitter_m)});
    fix.accuracy_m = options.accuracy_m;
    const double view_deg = heading_deg + options.mount_yaw_deg;
    if (options.device_headings)
      fix.heading_deg = heading_within_circle(view_deg + gaussian(random, options.device_noise_deg));
    frame.capture.camera = {"test", "test", kWidth_px, kHeight_px, Projection::flat, kFocal_px};
    frame.observation.width_px = kWidth_px;
    frame.observation.height_px = kHeight_px;
    if (i > 0) frame.observation.motion = motion_of(random, options, heading_deg - before_deg);
    show_signs(boxes, options, at, view_deg, frame.observation);
    before_deg = heading_deg;
    drive.truth.push_back(at);
    drive.heading_deg.push_back(heading_within_circle(heading_deg));
    drive.sequence.frames.push_back(std::move(frame));
  }
  return drive;
}

}  // namespace cairn::testing
