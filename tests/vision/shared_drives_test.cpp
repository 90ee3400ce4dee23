// What real pictures say: the quality gate must not reject them, and motion must agree with surveyed poses.

#include "tests/catch.hpp"
#include "tests/vision/nothing.hpp"
#include "tests/vision/pictures.hpp"
#include "vision/inspect.hpp"
#include "vision/luma.hpp"
#include "vision/motion.hpp"
#include "vision/quality.hpp"

#include <cmath>
#include <map>
#include <numbers>

using namespace cairn;
using namespace cairn::testing;
using namespace cairn::vision;

namespace {

struct Shares {
  std::map<QualityDecision, int> counts;
  std::map<std::string, std::vector<double>> values;

  void add(const Quality& quality) {
    ++counts[quality.decision];
    for (const auto& [name, value] : quality.values) values[name].push_back(value);
  }
  void print(const std::string& name) {
    std::cout << name << ": accept " << counts[QualityDecision::accept] << ", degrade "
              << counts[QualityDecision::degrade] << ", reject " << counts[QualityDecision::reject];
    for (auto& [value_name, all] : values) {
      std::sort(all.begin(), all.end());
      std::cout << "; " << value_name << " " << all.front() << "/" << all[all.size() / 2] << "/" << all.back();
    }
    std::cout << "\n";
  }
};

/// Of every `stride`-th picture.
Shares shares_of(const std::string& folder, const std::string& extension, std::size_t stride) {
  Shares shares;
  const auto path = shared_path(folder);
  if (!path) return shares;
  const auto files = files_in(*path, extension);
  for (std::size_t i = 0; i < files.size(); i += stride) shares.add(quality_of(luma_of(cv::imread(files[i].string()))));
  shares.print(folder + " (least/median/most)");
  return shares;
}

/// Rows of 12 numbers: 3x4, first frame from camera.
std::vector<cv::Matx34d> poses_of(const std::filesystem::path& file) {
  std::ifstream in{file};
  std::vector<cv::Matx34d> poses;
  for (cv::Matx34d pose; true; poses.push_back(pose)) {
    for (double& value : pose.val) in >> value;
    if (!in) return poses;
  }
}

double yaw_between(const cv::Matx34d& before, const cv::Matx34d& now) {
  const cv::Matx33d now_from_before = now.get_minor<3, 3>(0, 0).t() * before.get_minor<3, 3>(0, 0);
  return std::atan2(-now_from_before(0, 2), now_from_before(2, 2)) * 180 / std::numbers::pi;
}

}  // namespace

TEST_CASE("no picture of the street drives is rejected for its quality", "[shared]") {
  REQUIRE(shares_of("drives/lund", ".jpg", 1).counts[QualityDecision::reject] == 0);
  REQUIRE(shares_of("drives/kitti06", ".png", 2).counts[QualityDecision::reject] == 0);
  REQUIRE(shares_of("drives/framekm", ".jpg", 1).counts[QualityDecision::reject] == 0);
  REQUIRE(shares_of("labels/signs_gtsdb", ".jpg", 8).counts[QualityDecision::reject] == 0);
}

TEST_CASE("yaw and direction agree with the surveyed poses of a car", "[shared]") {
  const auto folder = shared_path("drives/kitti06");
  if (!folder) return;
  const auto files = files_in(*folder, ".png");
  const auto poses = poses_of(*folder / "poses.txt");
  std::vector<double> errors;
  double least_forward = 1;
  for (std::size_t i = 1; i < files.size(); ++i) {
    const auto before = luma_of(cv::imread(files[i - 1].string())), now = luma_of(cv::imread(files[i].string()));
    const auto motion = motion_between(before, now, 707.0912 * 640 / 1226);  // calib.txt, P0
    REQUIRE(motion);
    REQUIRE(motion->yaw_deg);
    errors.push_back(std::abs(*motion->yaw_deg - yaw_between(poses[i - 1], poses[i])));
    least_forward = std::min(least_forward, motion->forward.value_or(0));
  }
  std::sort(errors.begin(), errors.end());
  std::cout << "kitti06 yaw error per frame, degrees: median " << errors[errors.size() / 2] << ", most "
            << errors.back() << "; least forward " << least_forward << "\n";
  REQUIRE(errors[errors.size() / 2] < 0.1);
  REQUIRE(least_forward > 0.9);
}

TEST_CASE("every photo of a real walk gives its public pictures", "[shared]") {
  const auto folder = shared_path("drives/lund");
  if (!folder) return;
  std::vector<std::unique_ptr<Detector>> detectors;
  detectors.push_back(std::make_unique<Nothing>());
  Inspector inspector{std::move(detectors), {}};
  for (const auto& file : files_in(*folder, ".jpg")) {
    const auto jpeg = bytes_from_file(file);
    FrameToInspect frame;
    frame.jpeg = jpeg;
    const auto result = inspector.inspect(frame);
    REQUIRE_FALSE(result.refusal);
    REQUIRE(cv::countNonZero(cv::Mat(pixels_of(result.pictures->hd) != pixels_of(jpeg)).reshape(1)) == 0);
  }
}
