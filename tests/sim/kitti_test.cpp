#include "services/simulate/simulate.hpp"
#include "tests/catch.hpp"
#include "tests/shared_data.hpp"
#include "tests/temporary_folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

using namespace cairn;
using namespace cairn::simulate;

TEST_CASE("a KITTI folder without poses is refused, naming the file") {
  const cairn::testing::TemporaryFolder empty;
  REQUIRE_THROWS_WITH(write_kitti_drive(empty.path(), empty.path() / "out"),
                      "cannot read " + (empty.path() / "poses.txt").string());
  std::ofstream{empty.path() / "poses.txt"} << "1 0 0 0 1\n";
  REQUIRE_THROWS_WITH(write_kitti_drive(empty.path(), empty.path() / "out"),
                      (empty.path() / "poses.txt").string() + ": line 1 has no twelve numbers");
}

TEST_CASE("KITTI's poses become a drive at the origin with a heading that follows the way", "[shared]") {
  const auto kitti = cairn::testing::shared_path("drives/kitti06");
  if (!kitti) return;
  const cairn::testing::TemporaryFolder out;
  const auto truth = write_kitti_drive(*kitti, out.path(), {.heading_deg = 90});
  REQUIRE(truth.frames.size() == 51);
  REQUIRE(truth.focal_px == Approx(707.0912));
  REQUIRE(ground_distance_m(truth.frames.front().place, kDefaultOrigin) < 0.02);
  const auto& a = truth.frames[0];
  const auto& b = truth.frames[20];
  REQUIRE(std::abs(turn_deg(a.camera.heading_deg, bearing_deg(a.place, b.place))) < 3);
  REQUIRE(truth.frames[20].speed_mps > 5);
  REQUIRE(std::filesystem::exists(out.path() / "050.jpg"));
}
