// The net that ships, on held-out pictures of the plate set: the last part of its day drive, from second 1000 on.

#include "vision/detector.hpp"
#include "vision/model_list.hpp"

#include "tests/catch.hpp"
#include "tests/shared_data.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <regex>
#include <string>

using namespace cairn;
using namespace cairn::vision;
namespace fs = std::filesystem;

namespace {

const fs::path source{CAIRN_SOURCE_DIR};

std::string text_in_file(const fs::path& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::unique_ptr<Detector> shipped_detector(float least_score) {
  const auto models = models_from_yaml(text_in_file(source / "configs/models.yaml"), (source / "configs").string());
  const auto& model = model_named(models, "mapnet-s");
  return make_net_detector(load_model(model), model.classes, least_score);
}

/// Every sixth held-out picture, in the order of the drive.
std::vector<fs::path> held_out_plates() {
  std::vector<fs::path> pictures;
  const auto folder = testing::shared_path("labels/plates_dashcam");
  if (!folder) return pictures;
  for (const auto& picture : testing::files_in(*folder, ".jpg")) {
    const auto name = picture.filename().string();
    if (name > "day001_01000" && name < "day002") pictures.push_back(picture);
  }
  std::vector<fs::path> some;
  for (std::size_t i = 0; i < pictures.size(); i += 6) some.push_back(pictures[i]);
  return some;
}

std::vector<Box> boxes_in(const std::string& xml) {
  static const std::regex box{R"(<xmin>([\d.]+)</xmin>\s*<ymin>([\d.]+)</ymin>\s*<xmax>([\d.]+)</xmax>\s*<ymax>([\d.]+)<)"};
  std::vector<Box> boxes;
  for (std::sregex_iterator match{xml.begin(), xml.end(), box}, end; match != end; ++match) {
    boxes.push_back({std::stof((*match)[1]), std::stof((*match)[2]), std::stof((*match)[3]), std::stof((*match)[4])});
  }
  return boxes;
}

float covered_by(const Box& truth, const Box& found) {
  const float width = std::min(truth.right, found.right) - std::max(truth.left, found.left);
  const float height = std::min(truth.bottom, found.bottom) - std::max(truth.top, found.top);
  return width <= 0 || height <= 0 ? 0 : width * height / (truth.width() * truth.height());
}

}  // namespace

TEST_CASE("the net that ships has the digest of the list, and sees nothing in an empty picture") {
  const auto detector = shipped_detector(0.3f);
  CHECK(detector->name().rfind("mapnet-s ", 0) == 0);
  CHECK(detector->detect(cv::Mat{200, 300, CV_8UC3, cv::Scalar{120, 120, 120}}).empty());
}

TEST_CASE("the net that ships covers the plates of a part of the drive that it never saw", "[shared]") {
  const auto pictures = held_out_plates();
  if (pictures.empty()) return;
  const auto detector = shipped_detector(0.3f);
  int plates = 0, covered = 0, found_boxes = 0;
  for (const auto& picture : pictures) {
    const auto found = detector->detect(cv::imread(picture.string()));
    found_boxes += static_cast<int>(std::count_if(found.begin(), found.end(), [](const auto& d) { return d.object == ObjectClass::plate; }));
    for (const auto& truth : boxes_in(text_in_file(fs::path{picture}.replace_extension("xml")))) {
      ++plates;
      covered += std::any_of(found.begin(), found.end(),
                             [&](const Detection& d) { return d.object == ObjectClass::plate && covered_by(truth, d.box) >= 0.7f; });
    }
  }
  INFO(covered << " of " << plates << " plates covered, " << found_boxes << " plate boxes in " << pictures.size() << " pictures");
  REQUIRE(plates > 20);
  CHECK(covered >= 0.9 * plates);
  CHECK(found_boxes <= 2 * (plates + static_cast<int>(pictures.size())));  // two looks may both see a plate
}

TEST_CASE("the net that ships finds the same boxes twice", "[shared]") {
  const auto pictures = held_out_plates();
  if (pictures.empty()) return;
  const auto image = cv::imread(pictures[0].string());
  const auto detector = shipped_detector(0.1f);
  const auto first = detector->detect(image), second = detector->detect(image), other = shipped_detector(0.1f)->detect(image);
  const auto same = [](const Detection& a, const Detection& b) { return a.object == b.object && a.box == b.box && a.score == b.score; };
  CHECK(std::equal(first.begin(), first.end(), second.begin(), second.end(), same));
  CHECK(std::equal(first.begin(), first.end(), other.begin(), other.end(), same));
}
