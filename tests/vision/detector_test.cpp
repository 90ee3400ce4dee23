#include "vision/detector.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"

#include <opencv2/core.hpp>

#include <cmath>
#include <functional>
#include <limits>

using namespace cairn;
using namespace cairn::vision;
using Catch::Matchers::Contains;

namespace {

/// Gives what a test wants, for an input of the size that it gets.
class FakeModel final : public Model {
 public:
  using Run = std::function<std::vector<Tensor>(const Tensor&)>;
  explicit FakeModel(Run run) : run_{std::move(run)} {}
  std::vector<Tensor> run(const Tensor& input) override { return run_(input); }
  const std::string& name() const override { return name_; }

 private:
  Run run_;
  std::string name_ = "fake 1";
};

struct Spot {
  int channel, y, x;
  float logit;
  float left, top, right, bottom;  ///< px from the middle of the cell
};

Tensor filled(std::int64_t planes, const Tensor& input, float value) {
  const auto height = input.shape[2] / 8, width = input.shape[3] / 8;
  return {{1, planes, height, width}, std::vector<float>(static_cast<std::size_t>(planes * height * width), value)};
}

float& at(Tensor& t, int plane, int y, int x) {
  return t.values[static_cast<std::size_t>((plane * t.shape[2] + y) * t.shape[3] + x)];
}

std::vector<ObjectClass> classes_of_first(int count) { return {kObjectClasses.begin(), kObjectClasses.begin() + count}; }

std::unique_ptr<Detector> detector_seeing(std::vector<Spot> spots, int classes = 3) {
  auto run = [spots, classes](const Tensor& input) {
    auto logits = filled(classes, input, -9.f), sides = filled(4, input, 4.f);
    for (const auto& s : spots) {
      at(logits, s.channel, s.y, s.x) = s.logit;
      at(sides, 0, s.y, s.x) = s.left;
      at(sides, 1, s.y, s.x) = s.top;
      at(sides, 2, s.y, s.x) = s.right;
      at(sides, 3, s.y, s.x) = s.bottom;
    }
    return std::vector<Tensor>{logits, sides};
  };
  return make_net_detector(std::make_unique<FakeModel>(run), classes_of_first(classes), 0.3f);
}

std::unique_ptr<Detector> detector_giving(FakeModel::Run run, int classes = 3) {
  return make_net_detector(std::make_unique<FakeModel>(std::move(run)), classes_of_first(classes), 0.3f);
}

cv::Mat grey_picture(int width, int height) { return {height, width, CV_8UC3, cv::Scalar{100, 100, 100}}; }

}  // namespace

TEST_CASE("a peak of a class plane becomes a box around the middle of its cell") {
  const auto found = detector_seeing({{1, 2, 5, 2.f, 30, 6, 32, 7}})->detect(grey_picture(128, 96));
  REQUIRE(found.size() == 1);
  CHECK(found[0].object == ObjectClass::plate);
  CHECK(found[0].box == Box{14, 14, 76, 27});
  CHECK(found[0].score == Approx(0.881));
}

TEST_CASE("channels stand for the classes that models.yaml names, and each class may have sides of its own") {
  const auto run = [](const Tensor& input) {
    auto logits = filled(2, input, -9.f), sides = filled(8, input, 4.f);
    at(logits, 0, 2, 2) = at(logits, 1, 2, 2) = 2.f;
    at(sides, 4, 2, 2) = 16.f;  // left, of the second class
    return std::vector<Tensor>{logits, sides};
  };
  const auto found = make_net_detector(std::make_unique<FakeModel>(run), {ObjectClass::person, ObjectClass::plate}, 0.3f)->detect(grey_picture(64, 64));
  REQUIRE(found.size() == 2);
  CHECK(found[0].object == ObjectClass::plate);
  CHECK(found[0].box == Box{4, 16, 24, 24});
  CHECK(found[1].object == ObjectClass::person);
  CHECK(found[1].box == Box{16, 16, 24, 24});
}

TEST_CASE("a box ends at the edge of the picture, not of its padding") {
  const auto found = detector_seeing({{0, 0, 6, 2.f, 200, 20, 90, 200}})->detect(grey_picture(50, 40));
  REQUIRE(found.size() == 1);
  CHECK(found[0].box == Box{0, 0, 50, 40});
}

TEST_CASE("a box that lies wholly in the padding is dropped") {
  CHECK(detector_seeing({{0, 3, 7, 2.f, 2, 2, 2, 2}})->detect(grey_picture(33, 33)).empty());
}

TEST_CASE("below the least score nothing is found") {
  CHECK(detector_seeing({{0, 2, 2, -1.f, 8, 8, 8, 8}})->detect(grey_picture(64, 64)).empty());
}

TEST_CASE("of boxes of one class that overlap the best stays, of two classes both stay") {
  const Spot best{0, 2, 2, 3.f, 16, 16, 16, 16}, worse{0, 2, 4, 2.f, 20, 16, 12, 16}, other{2, 2, 2, 1.f, 16, 16, 16, 16};
  const auto found = detector_seeing({worse, other, best})->detect(grey_picture(96, 64));
  REQUIRE(found.size() == 2);
  CHECK(found[0].object == ObjectClass::sign);
  CHECK(found[0].box == Box{4, 4, 36, 36});
  CHECK(found[1].object == ObjectClass::head);
}

TEST_CASE("a picture wider than 1920 is searched smaller, and its boxes are given in its own pixels") {
  std::vector<std::int64_t> searched;
  const auto detector = detector_giving([&](const Tensor& input) {
    auto logits = filled(1, input, -9.f), sides = filled(4, input, 8.f);
    if (searched.empty()) at(logits, 0, 10, 10) = 2.f;
    if (searched.empty()) searched = input.shape;
    return std::vector<Tensor>{logits, sides};
  }, 1);
  const auto found = detector->detect(grey_picture(3840, 2160));
  CHECK(searched == std::vector<std::int64_t>{1, 3, 1088, 1920});
  REQUIRE(found.size() == 1);
  CHECK(found[0].box == Box{152, 152, 184, 184});
}

TEST_CASE("a picture from 640 px on is looked at again at half the size, where large things look small") {
  std::vector<std::vector<std::int64_t>> looks;
  const auto detector = detector_giving([&](const Tensor& input) {
    looks.push_back(input.shape);
    auto logits = filled(3, input, -9.f), sides = filled(4, input, 8.f);
    at(logits, 0, 4, 4) = 1.f;
    at(logits, 1, 10, 10) = 2.f;
    return std::vector<Tensor>{logits, sides};
  });
  const auto found = detector->detect(grey_picture(640, 481));
  REQUIRE(looks.size() == 2);
  CHECK(looks[1] == std::vector<std::int64_t>{1, 3, 256, 320});
  REQUIRE(found.size() == 3);
  CHECK(found[0].box == Box{76, 76, 92, 92});
  CHECK(found[1].box == Box{152, 152, 184, 184});
  CHECK(found[2].object == ObjectClass::sign);  // of the first look only
  looks.clear();
  detector->detect(grey_picture(639, 480));
  CHECK(looks.size() == 1);
}

TEST_CASE("the net gets the planes blue, green and red, padded to multiples of 32 with grey") {
  Tensor seen;
  detector_giving([&](const Tensor& input) {
    seen = input;
    return std::vector<Tensor>{filled(3, input, -9.f), filled(4, input, 1.f)};
  })->detect(cv::Mat{2, 3, CV_8UC3, cv::Scalar{10, 20, 30}});
  REQUIRE(seen.shape == std::vector<std::int64_t>{1, 3, 32, 32});
  CHECK(seen.values[0] == 10.f);
  CHECK(seen.values[1024 + 34] == 20.f);
  CHECK(seen.values[2 * 1024] == 30.f);
  CHECK(seen.values[3] == 128.f);
  CHECK(seen.values[64] == 128.f);
}

TEST_CASE("a net whose outputs have the wrong shape is refused") {
  const auto refused = [](FakeModel::Run run) {
    CHECK_THROWS_WITH(detector_giving(run)->detect(grey_picture(64, 64)), Contains("model fake 1 gave outputs of the wrong shape"));
  };
  refused([](const Tensor&) { return std::vector<Tensor>{}; });
  refused([](const Tensor& in) { return std::vector<Tensor>{filled(3, in, 0), filled(5, in, 1)}; });
  refused([](const Tensor& in) { return std::vector<Tensor>{filled(2, in, 0), filled(4, in, 1)}; });
  refused([](const Tensor& in) {
    auto cut = filled(3, in, 0);
    cut.values.pop_back();
    return std::vector<Tensor>{cut, filled(4, in, 1)};
  });
  refused([](const Tensor&) {
    const Tensor small{{1, 3, 2, 2}, std::vector<float>(12)}, sides{{1, 4, 2, 2}, std::vector<float>(16)};
    return std::vector<Tensor>{small, sides};
  });
}

TEST_CASE("a net that gives a value that is not a number is refused") {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    CHECK_THROWS_WITH(detector_seeing({{0, 2, 2, bad, 8, 8, 8, 8}})->detect(grey_picture(64, 64)), Contains("not a number"));
    CHECK_THROWS_WITH(detector_seeing({{0, 2, 2, 1.f, 8, bad, 8, 8}})->detect(grey_picture(64, 64)), Contains("not a number"));
  }
}

TEST_CASE("a net that sees more than 2,000 boxes is refused") {
  const auto detector = detector_giving([](const Tensor& in) { return std::vector<Tensor>{filled(3, in, 5.f), filled(4, in, 4.f)}; });
  CHECK_THROWS_WITH(detector->detect(grey_picture(640, 480)), Contains("more than 2000 boxes"));
}

TEST_CASE("a net detector takes only 8-bit colour pictures and a score within 0 and 1") {
  CHECK_THROWS_WITH(detector_seeing({})->detect(cv::Mat{}), Contains("8-bit BGR"));
  CHECK_THROWS_WITH(detector_seeing({})->detect(cv::Mat(8, 8, CV_8UC1)), Contains("8-bit BGR"));
  CHECK_THROWS_WITH(make_net_detector(nullptr, classes_of_first(3), 0.3f), Contains("needs a model"));
  CHECK_THROWS_WITH(make_net_detector(std::make_unique<FakeModel>(nullptr), {}, 0.3f), Contains("its classes"));
  CHECK_THROWS_WITH(make_net_detector(std::make_unique<FakeModel>(nullptr), classes_of_first(3), 1.f), Contains("between 0 and 1"));
}

TEST_CASE("the union holds every box of every detector, in their order") {
  const Detection sign{ObjectClass::sign, {1, 2, 3, 4}, 0.9f}, plate{ObjectClass::plate, {5, 6, 7, 8}, 0.4f};
  const auto all = united({{sign, plate}, {}, {plate}});
  REQUIRE(all.size() == 3);
  CHECK(all[0].object == ObjectClass::sign);
  CHECK(all[2].box == plate.box);
}

TEST_CASE("whatever the net says, boxes lie within the picture, best first, none of a class twice") {
  const auto seed = testing::seed_of_run();
  INFO("seed " << seed);
  testing::Random random{seed};
  for (int round = 0; round < 30; ++round) {
    const auto picture = grey_picture(static_cast<int>(random.whole(1, 400)), static_cast<int>(random.whole(1, 300)));
    const auto found = detector_giving([&](const Tensor& input) {
      auto logits = filled(3, input, 0.f), sides = filled(4, input, 0.f);
      for (auto& value : logits.values) value = static_cast<float>(random.between(-8, 3));
      for (auto& value : sides.values) value = static_cast<float>(random.between(-10, 90));
      return std::vector<Tensor>{logits, sides};
    })->detect(picture);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto& [object, box, score] = found[i];
      REQUIRE((box.left >= 0 && box.top >= 0 && box.left < box.right && box.top < box.bottom));
      REQUIRE((box.right <= static_cast<float>(picture.cols) && box.bottom <= static_cast<float>(picture.rows)));
      REQUIRE((score >= 0.3f && (i == 0 || score <= found[i - 1].score)));
      for (std::size_t j = 0; j < i; ++j) REQUIRE((found[j].object != object || found[j].box != box));
    }
  }
}
