#include "services/simulate/simulate.hpp"
#include "tests/catch.hpp"

#include <stdexcept>

using namespace cairn;
using namespace cairn::simulate;

namespace {

const Town& usual_town() {
  static const Town made = make_town({.seed = 1});
  return made;
}

}  // namespace

TEST_CASE("frames lie evenly along the way and in the order of time") {
  const auto plan = plan_drive(usual_town(), {.frames = 30, .spacing_m = 4});
  REQUIRE(plan.frames.size() == 30);
  for (std::size_t i = 1; i < plan.frames.size(); ++i) {
    const auto &before = plan.frames[i - 1], &here = plan.frames[i];
    REQUIRE(ground_distance_m(before.place, here.place) == Approx(4).margin(0.3));
    REQUIRE(here.taken_at > before.taken_at);
  }
}

TEST_CASE("what the receiver says is as far off as it was told to be") {
  GnssModel exact{.white_m = 0, .bias_m = 0, .heading_deg = 0, .speed_mps = 0};
  for (const auto& frame : plan_drive(usual_town(), {.frames = 20, .gnss = exact}).frames) {
    REQUIRE(frame.gnss->place == frame.place);
    REQUIRE(frame.gnss->heading_deg == Approx(frame.camera.heading_deg));
  }
  double squares = 0;
  const auto vague = plan_drive(usual_town(), {.frames = 400, .gnss = {.white_m = 2, .bias_m = 0}});
  for (const auto& frame : vague.frames) squares += std::pow(ground_distance_m(frame.gnss->place, frame.place), 2);
  REQUIRE(std::sqrt(squares / 400) == Approx(2 * std::sqrt(2.0)).epsilon(0.1));
}

TEST_CASE("in an outage the receiver says nothing") {
  const auto plan = plan_drive(usual_town(), {.frames = 30, .gnss = {.outage_from_s = 3, .outage_seconds = 4}});
  int silent = 0;
  for (const auto& frame : plan.frames) {
    const double seconds = seconds_between(plan.options.start, frame.taken_at);
    REQUIRE(frame.gnss.has_value() == (seconds < 2.999 || seconds > 6.999));
    silent += !frame.gnss;
  }
  REQUIRE(silent > 4);
}

TEST_CASE("the gyroscope's turns add up to the change of heading") {
  const DriveOptions options{.frames = 40, .route = {{0, 1}, {1, 1}, {1, 2}, {2, 2}}};
  const auto plan = plan_drive(usual_town(), options);
  double turned = 0, gravity = 0;
  for (const auto& sample : plan.imu) turned -= sample.rotation.z / 50, gravity += sample.acceleration.z;
  const double expected = turn_deg(plan.frames.front().camera.heading_deg, plan.frames.back().camera.heading_deg);
  REQUIRE(turned == Approx(expected).margin(8));  // the sensor's bias adds up to some degrees
  REQUIRE(gravity / static_cast<double>(plan.imu.size()) == Approx(9.81).margin(0.3));
}

TEST_CASE("drives of several contributors pass the same street, both ways, by day and night") {
  const DriveOptions like{.frames = 24, .spacing_m = 4};
  const auto drives = drives_of(usual_town(), 4, like);
  REQUIRE(drives.size() == 4);
  const auto east = plan_drive(usual_town(), drives[0]), west = plan_drive(usual_town(), drives[1]),
             night = plan_drive(usual_town(), drives[2]);
  REQUIRE(east.options.contributor != west.options.contributor);
  REQUIRE(std::abs(turn_deg(east.frames[12].camera.heading_deg, west.frames[12].camera.heading_deg)) > 120);
  REQUIRE(ground_distance_m(east.frames.back().place, west.frames.front().place) < 25);
  REQUIRE(ground_distance_m(east.frames.front().place, west.frames.back().place) < 25);
  REQUIRE(east.light == Light::day);
  REQUIRE(night.light == Light::night);
  const auto around = plan_drive(usual_town(), drives[3]);
  REQUIRE(turn_deg(around.frames.front().camera.heading_deg, around.frames.back().camera.heading_deg) < -45);
}

TEST_CASE("options that can't be met are refused with the reason") {
  REQUIRE_THROWS_WITH(plan_drive(usual_town(), {.frames = 0}), "a drive has 1 to 100000 frames, not 0");
  REQUIRE_THROWS_WITH(plan_drive(usual_town(), {.frames = 100, .route = {{0, 1}, {1, 1}}}),
                      "the route is 93 m long, but 100 frames need 399 m");
  REQUIRE_THROWS_AS(plan_drive(usual_town(), {.width_px = 3}), std::invalid_argument);
}
