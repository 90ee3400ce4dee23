// What others make of our exports and styles: GDAL, a reader of COCO, a validator of styles, a browser.

#include "tests/catch.hpp"
#include "tests/scenario/instance.hpp"

#include <iostream>

using namespace cairn;
using testing::Instance;
using testing::json;
namespace fs = std::filesystem;

namespace {

std::string output_of(const std::vector<std::string>& words) {
  const auto result = testing::run_command(words);
  CAPTURE(words, result.output);
  REQUIRE(result.code == 0);
  return result.output;
}

}  // namespace

TEST_CASE("exports are read by what they are made for, and styles are valid and drawn") {
  Instance cairn;
  for (const auto& drive : testing::sample_drives()) cairn.upload({drive});
  cairn.wait_idle();
  const auto features = cairn.get("/api/features?limit=10000").at("features").size();
  REQUIRE(features > 2);

  const auto file = cairn.scratch() / "features.fgb";
  REQUIRE(cairn.cairn({"export", "features", "-o", file.string()}).code == 0);
  const auto coverage = cairn.scratch() / "coverage.tif";
  REQUIRE(cairn.cairn({"export", "coverage", "-o", coverage.string()}).code == 0);
  const auto dataset = cairn.scratch() / "dataset";
  REQUIRE(cairn.cairn({"export", "dataset", "-o", dataset.string()}).code == 0);
  const auto coco = testing::run_command({"python3", (fs::path{CAIRN_SOURCE} / "tests" / "clients" / "coco.test.py").string()}, {{"CAIRN_DATASET", dataset.string()}});
  CAPTURE(coco.output);
  REQUIRE(coco.code == 0);
  std::cout << coco.output;

  const auto style = testing::run_command({(fs::path{CAIRN_SOURCE} / "scripts" / "with-node").string(), "node", "--test", (fs::path{CAIRN_SOURCE} / "tests" / "clients" / "style.test.mjs").string()},
                                          {{"CAIRN_URL", cairn.url()}, {"CAIRN_SCREENSHOTS", std::getenv("CAIRN_SCREENSHOTS") ? std::getenv("CAIRN_SCREENSHOTS") : cairn.scratch().string()}});
  CAPTURE(style.output);
  REQUIRE(style.code == 0);

  if (testing::run_command({"ogrinfo", "--version"}).code != 0) {
    std::cout << "left out: there is no ogrinfo (gdal-bin)\n";
    return;
  }
  REQUIRE_THAT(output_of({"ogrinfo", "-ro", "-so", "-al", file.string()}), ContainsText("Feature Count: " + std::to_string(features)));
  REQUIRE_THAT(output_of({"ogrinfo", "-ro", "-so", "-al", (dataset / "frames.fgb").string()}), ContainsText("contributor: String"));
  REQUIRE_THAT(output_of({"gdalinfo", "-mm", coverage.string()}), ContainsText("LAYOUT=COG") && ContainsText("Description = last_seen") && ContainsText("cairn_sequence=") && ContainsText("Min/Max=20"));
}
