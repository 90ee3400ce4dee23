#include "fusion/view.hpp"

#include "tests/catch.hpp"

#include <cmath>

using namespace cairn;
using namespace cairn::fusion;

namespace {

Observation picture(int width_px, int height_px) {
  Observation observation;
  observation.width_px = width_px;
  observation.height_px = height_px;
  return observation;
}

}  // namespace

TEST_CASE("a flat picture's pixel looks where the pinhole camera says") {
  const auto lens = lens_of({"", "", 1000, 600, Projection::flat, 500.0}, picture(1000, 600), {});
  REQUIRE(direction_of(lens, 500, 300, 0, 0).azimuth_deg == Approx(0).margin(1e-9));
  REQUIRE(direction_of(lens, 1000, 300, 0, 0).azimuth_deg == Approx(45));
  REQUIRE(direction_of(lens, 500, 50, 0, 0).elevation_deg == Approx(std::atan(0.5) * 57.29578).epsilon(1e-6));
}

TEST_CASE("a portrait picture of a turned camera keeps the focal length in pixels") {
  REQUIRE(lens_of({"", "", 4000, 3000, Projection::flat, 3200.0}, picture(3000, 4000), {}).focal_px == Approx(3200));
  REQUIRE(lens_of({"", "", 4000, 3000, Projection::flat, 3200.0}, picture(2000, 1500), {}).focal_px == Approx(1600));
}

TEST_CASE("an unknown or impossible focal length becomes the rules' field of view over the longer side") {
  const double expected = 500 / std::tan(65.0 / 2 / 57.29578);
  for (const auto focal : {std::optional<double>{}, std::optional{0.0}, std::optional{-3.0},
                           std::optional{std::nan("")}, std::optional{1e9}}) {
    REQUIRE(lens_of({"", "", 1000, 600, Projection::flat, focal}, picture(600, 1000), {}).focal_px ==
            Approx(expected).epsilon(1e-5));
  }
}

TEST_CASE("a panorama's pixel looks where its column and row say") {
  const auto lens = lens_of({"", "", 4000, 2000, Projection::equirectangular, std::nullopt}, picture(4000, 2000), {});
  REQUIRE(direction_of(lens, 3000, 1000, 0, 0).azimuth_deg == Approx(90));
  REQUIRE(direction_of(lens, 1000, 500, 0, 0).azimuth_deg == Approx(-90));
  REQUIRE(direction_of(lens, 1000, 500, 0, 0).elevation_deg == Approx(45));
}

TEST_CASE("pitch lifts and roll turns the view") {
  const auto lens = lens_of({"", "", 1000, 600, Projection::flat, 500.0}, picture(1000, 600), {});
  REQUIRE(direction_of(lens, 500, 300, 10, 0).elevation_deg == Approx(10));
  // A camera turned clockwise by 90 degrees has its right side below.
  REQUIRE(direction_of(lens, 1000, 300, 0, 90).elevation_deg == Approx(-45));
}
