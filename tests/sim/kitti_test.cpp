#include "core/id.hpp"
#include "services/simulate/simulate.hpp"
#include "tests/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

using namespace cairn;
using namespace cairn::simulate;

namespace {

std::filesystem::path shared_data() {
  const char* set = std::getenv("CAIRN_SHARED_DATA");
  return set ? set : CAIRN_SOURCE_DIR "/../shared/data";
}

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("cairn-kitti-test-" + Uuid::random().text());
  ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("a KITTI folder without poses is refused, naming the file") {
  const Folder empty;
  std::filesystem::create_directories(empty.path);
  REQUIRE_THROWS_WITH(write_kitti_drive(empty.path, empty.path / "out"),
                      "cannot read " + (empty.path / "poses.txt").string());
  std::ofstream{empty.path / "poses.txt"} << "1 0 0 0 1\n";
  REQUIRE_THROWS_WITH(write_kitti_drive(empty.path, empty.path / "out"),
                      (empty.path / "poses.txt").string() + ": line 1 has no twelve numbers");
}

TEST_CASE("KITTI's poses become a drive at the origin with a heading that follows the way", "[shared]") {
  const auto kitti = shared_data() / "drives" / "kitti06";
  if (!std::filesystem::exists(kitti)) {
    std::cout << "skipped: no " << kitti << " (set CAIRN_SHARED_DATA)\n";
    return;
  }
  const Folder out;
  const auto truth = write_kitti_drive(kitti, out.path, {.heading_deg = 90});
  REQUIRE(truth.frames.size() == 51);
  REQUIRE(truth.focal_px == Approx(707.0912));
  REQUIRE(ground_distance_m(truth.frames.front().place, kDefaultOrigin) < 0.02);
  const auto& a = truth.frames[0];
  const auto& b = truth.frames[20];
  REQUIRE(std::abs(turn_deg(a.camera.heading_deg, bearing_deg(a.place, b.place))) < 3);
  REQUIRE(truth.frames[20].speed_mps > 5);
  REQUIRE(std::filesystem::exists(out.path / "050.jpg"));
}
