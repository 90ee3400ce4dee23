#include "services/simulate/raster.hpp"
#include "services/simulate/simulate.hpp"
#include "tests/catch.hpp"

using namespace cairn;
using namespace cairn::simulate;

namespace {

/// Looks north from 1 m above the origin.
Camera camera() { return {CameraPose{{0, 0, 1}, 0, 0, 0}, 100, 200, 100}; }

/// An upright square facing the camera, so far away.
Face square(double half_m, double away_m, cv::Vec3f colour, int target) {
  Face face = face_of({-half_m, away_m, 1 + half_m}, {half_m, away_m, 1 + half_m}, {half_m, away_m, 1 - half_m},
                      {-half_m, away_m, 1 - half_m}, nullptr, colour);
  face.target = target;
  return face;
}

}  // namespace

TEST_CASE("what is north-east of a camera that looks north shows on the right, what is higher shows above") {
  const auto pixel = camera().pixel_of({2, 10, 3});
  REQUIRE(pixel->x == Approx(120));
  REQUIRE(pixel->y == Approx(30));
  REQUIRE_FALSE(camera().pixel_of({0, -1, 1}));
}

TEST_CASE("a camera that is pitched up or rolled sees things lower or turned") {
  const Camera up{CameraPose{{0, 0, 1}, 0, 10, 0}, 100, 200, 100};
  REQUIRE(up.pixel_of({0, 10, 1})->y == Approx(50 + 100 * std::tan(radians(10))));
  const Camera clockwise{CameraPose{{0, 0, 1}, 0, 0, 90}, 100, 200, 100};
  REQUIRE(clockwise.pixel_of({2, 10, 1})->y ==
          Approx(30));  // its right side is down, so what is to the right shows above
}

TEST_CASE("a face covers the pixels that its corners enclose") {
  Canvas canvas{camera(), Air{}, 1};
  canvas.draw(square(1, 10, {0, 0, 255}, 0));
  REQUIRE(canvas.shown()[0] == 20 * 20);
  REQUIRE(canvas.colours()(50, 100)[2] > 200);
  REQUIRE(canvas.colours()(50, 115)[2] == 0);
}

TEST_CASE("what is nearer hides what is farther, in whatever order they are drawn") {
  for (const bool near_first : {true, false}) {
    Canvas canvas{camera(), Air{}, 2};
    const Face near = square(0.5, 5, {255, 0, 0}, 0), far = square(1, 10, {0, 0, 255}, 1);
    canvas.draw(near_first ? near : far);
    canvas.draw(near_first ? far : near);
    REQUIRE(canvas.shown()[0] == 400);
    REQUIRE(canvas.shown()[1] == 0);
    REQUIRE(canvas.drawn(1) == 400);
  }
}

TEST_CASE("a face that passes the camera is cut, not turned over") {
  Canvas canvas{camera(), Air{}, 1};
  Face floor = face_of({-1, 20, 0}, {1, 20, 0}, {1, -20, 0}, {-1, -20, 0}, nullptr, {255, 255, 255});
  floor.target = 0;
  canvas.draw(floor);
  REQUIRE(canvas.colours()(99, 100)[0] > 0);
  REQUIRE(canvas.colours()(20, 100)[0] == 0);
}

TEST_CASE("a one-sided face doesn't show from behind") {
  Canvas canvas{camera(), Air{}, 1};
  Face face = face_of({1, 10, 2}, {-1, 10, 2}, {-1, 10, 0}, {1, 10, 0}, nullptr, {255, 255, 255});
  face.one_sided = true, face.target = 0;
  canvas.draw(face);
  REQUIRE(canvas.shown()[0] == 0);
}

TEST_CASE("a texture lies in true perspective") {
  // Half black, half white along a floor from 5 to 15 m: the border is at 10 m, which is far above the middle of the
  // picture's trapezium.
  cv::Mat1b halves(64, 64, uchar{0});
  halves(cv::Rect{0, 32, 64, 32}) = 255;
  const Texture texture{halves, Fourth::nothing};
  Canvas canvas{camera(), Air{.haze_m = 1e9f}, 0};
  canvas.draw(face_of({-9, 15, 0}, {9, 15, 0}, {9, 5, 0}, {-9, 5, 0}, &texture, {255, 255, 255}));
  REQUIRE(canvas.colours()(58, 100)[0] < 60);   // at 11.8 m
  REQUIRE(canvas.colours()(62, 100)[0] > 200);  // at 8.0 m
}
