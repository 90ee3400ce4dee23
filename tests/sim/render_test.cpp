#include "services/simulate/camera.hpp"
#include "services/simulate/simulate.hpp"
#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>

#include <filesystem>
#include <fstream>
#include <set>

using namespace cairn;
using namespace cairn::simulate;

namespace {

const Town& small_town() {
  static const Town made = make_town({.seed = 1, .blocks_east = 2, .blocks_north = 1});
  return made;
}

DriveOptions small(int frames) {
  DriveOptions options;
  options.frames = frames;
  options.spacing_m = 6;
  options.route = {{0, 0}, {1, 0}, {2, 0}};
  options.width_px = 480, options.height_px = 270;
  options.smooth = false;
  options.least_box_px = 4;
  return options;
}

Vec3 centre_of(const std::string& id) {
  const auto number = static_cast<std::size_t>(std::stoul(id.substr(id.find('-') + 1)));
  return id.starts_with("sign") ? small_town().signs.at(number).centre : small_town().lights.at(number).centre;
}

}  // namespace

TEST_CASE("the same drive rendered twice gives the same bytes, in any order of frames") {
  const auto plan = plan_drive(small_town(), small(3));
  const DriveRenderer one{small_town(), plan}, other{small_town(), plan};
  const auto last = other.render(2);
  const auto first = other.render(0);
  REQUIRE(one.render(0).jpeg == first.jpeg);
  REQUIRE(one.render(2).jpeg == last.jpeg);
  REQUIRE(first.jpeg != last.jpeg);
}

TEST_CASE("a sign's true place falls into its recorded box") {
  const auto plan = plan_drive(small_town(), small(12));
  const DriveRenderer renderer{small_town(), plan};
  std::set<std::string> seen;
  for (int i = 0; i < 12; ++i) {
    const Camera camera{plan.frames[static_cast<std::size_t>(i)].camera, plan.focal_px, 480, 270};
    const auto picture = renderer.render(i);
    REQUIRE(!picture.jpeg.empty());
    for (const auto& truth : picture.boxes) {
      if (truth.object != ObjectClass::sign && truth.object != ObjectClass::traffic_light) continue;
      const auto pixel = camera.pixel_of(centre_of(truth.id));
      CAPTURE(truth.id, i, pixel->x, pixel->y);
      REQUIRE((pixel->x > truth.box.left && pixel->x < truth.box.right));
      REQUIRE((pixel->y > truth.box.top && pixel->y < truth.box.bottom));
      REQUIRE(truth.visible >= 0.5);
      seen.insert(truth.id);
    }
  }
  REQUIRE(seen.size() >= 3);
}

TEST_CASE("a picture has the size it was asked for, and night is darker than day") {
  auto options = small(1);
  const auto brightness = [&](Light light) {
    options.light = light;
    const auto jpeg = DriveRenderer{small_town(), plan_drive(small_town(), options)}.render(0).jpeg;
    const std::vector<uchar> bytes{reinterpret_cast<const uchar*>(jpeg.data()),
                                   reinterpret_cast<const uchar*>(jpeg.data()) + jpeg.size()};
    const cv::Mat picture = cv::imdecode(bytes, cv::IMREAD_COLOR);
    REQUIRE(picture.size() == cv::Size{480, 270});
    return cv::mean(picture)[1];
  };
  const double day = brightness(Light::day), night = brightness(Light::night);
  REQUIRE(day > 100);
  REQUIRE(night < 60);
}

TEST_CASE("a written town has pictures, truth and IMU that agree") {
  const cairn::testing::TemporaryFolder scratch;
  const auto& folder = scratch.path();
  auto drive = small(2);
  drive.name = "there";
  write_town(small_town(), {drive}, folder);
  std::ifstream in{folder / "truth.json"};
  const auto truth = nlohmann::json::parse(in);
  REQUIRE(truth["town"]["things"].size() == small_town().signs.size() + small_town().lights.size());
  const auto& frames = truth["drives"][0]["frames"];
  REQUIRE(frames.size() == 2);
  REQUIRE(truth["drives"][0]["focal_px"] == Approx(30 * std::hypot(480, 270) / 43.2666).margin(1e-3));
  for (const auto& frame : frames)
    REQUIRE(std::filesystem::file_size(folder / "there" / std::string{frame["file"]}) > 1000);
  REQUIRE(std::filesystem::exists(folder / "imu" / "there.csv"));
}
