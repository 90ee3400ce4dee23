#include "vision/inspect.hpp"

#include "tests/catch.hpp"
#include "tests/vision/pictures.hpp"

#include <stdexcept>

using namespace cairn;
using namespace cairn::testing;
using namespace cairn::vision;

namespace {

/// Finds what the test says.
class Told final : public Detector {
 public:
  Told(std::string name, std::vector<Detection> found) : name_{std::move(name)}, found_{std::move(found)} {}
  std::vector<Detection> detect(const cv::Mat&) override { return found_; }
  const std::string& name() const override { return name_; }

 private:
  std::string name_;
  std::vector<Detection> found_;
};

class Failing final : public Detector {
 public:
  std::vector<Detection> detect(const cv::Mat&) override { throw std::runtime_error{"out of memory"}; }
  const std::string& name() const override { return name_; }

 private:
  std::string name_ = "failing";
};

const Detection sign{ObjectClass::sign, {10, 10, 50, 50}, 0.9f};
const Detection weak_sign{ObjectClass::sign, {60, 10, 90, 50}, 0.45f};
const Detection other_sign{ObjectClass::sign, {200, 10, 240, 50}, 0.9f};
const Detection plate{ObjectClass::plate, {100, 100, 180, 130}, 0.6f};
const Detection head{ObjectClass::head, {220, 60, 260, 110}, 0.4f};

template <class... Detectors>
std::vector<std::unique_ptr<Detector>> list(Detectors... detectors) {
  std::vector<std::unique_ptr<Detector>> all;
  (all.push_back(std::move(detectors)), ...);
  return all;
}

Inspector inspector_of_two() {
  return {list(std::make_unique<Told>("net 1", std::vector{sign, weak_sign, plate}),
               std::make_unique<Told>("cascade 2", std::vector{other_sign, head})),
          {}};
}

FrameToInspect frame_of(const Bytes& jpeg, int orientation = 1) {
  FrameToInspect frame;
  frame.jpeg = jpeg;
  frame.orientation = orientation;
  return frame;
}

bool is_flat(ByteView jpeg, const cv::Rect& area) {
  cv::Mat grey;
  cv::cvtColor(pixels_of(jpeg)(area), grey, cv::COLOR_BGR2GRAY);
  double least = 0, most = 0;
  cv::minMaxLoc(grey, &least, &most);
  return most - least <= 1;
}

}  // namespace

TEST_CASE("the first detector's signs become detections, the boxes of all are hidden and recorded") {
  const auto jpeg = jpeg_of(scene(320, 240, 1));
  auto inspector = inspector_of_two();
  const auto result = inspector.inspect(frame_of(jpeg));
  REQUIRE_FALSE(result.refusal);
  REQUIRE(result.observation.width_px == 320);
  REQUIRE(result.observation.detections.size() == 1);
  REQUIRE(result.observation.detections[0].box == sign.box);
  const auto& record = result.observation.redaction;
  REQUIRE(record.model == "net 1 + cascade 2");
  REQUIRE(record.thresholds.size() == 4);
  REQUIRE(record.thresholds[0].name == "plate");
  REQUIRE(record.thresholds[0].value == 0.30);
  REQUIRE(record.hidden.size() == 2);
  REQUIRE(is_flat(result.pictures->hd, {100, 100, 80, 28}));
}

TEST_CASE("an Inspector without a detector can't be made") {
  REQUIRE_THROWS_AS((Inspector{{}, {}}), std::invalid_argument);
}

TEST_CASE("a detector that throws means that nothing is published") {
  const auto jpeg = jpeg_of(scene(320, 240, 1));
  Inspector inspector{list(std::make_unique<Told>("net 1", std::vector{sign}), std::make_unique<Failing>()), {}};
  const auto result = inspector.inspect(frame_of(jpeg));
  REQUIRE(result.refusal->reason == Reason::redaction_failed);
  REQUIRE(result.refusal->detail == "out of memory");
  REQUIRE_FALSE(result.pictures);
}

TEST_CASE("a detector whose box is nowhere in the picture means that nothing is published") {
  const auto jpeg = jpeg_of(scene(320, 240, 1));
  for (const Box& box : {Box{0, 0, std::numeric_limits<float>::quiet_NaN(), 9}, Box{900, 900, 950, 950}}) {
    Inspector inspector{list(std::make_unique<Told>("net 1", std::vector{Detection{ObjectClass::plate, box, 0.9f}})),
                        {}};
    const auto result = inspector.inspect(frame_of(jpeg));
    REQUIRE(result.refusal->reason == Reason::redaction_failed);
    REQUIRE_FALSE(result.pictures);
  }
}

TEST_CASE("an undecodable frame is refused with its reason, and the next one begins anew") {
  const auto jpeg = jpeg_of(scene(320, 240, 1));
  auto inspector = inspector_of_two();
  REQUIRE_FALSE(inspector.inspect(frame_of(jpeg)).observation.motion);
  REQUIRE(inspector.inspect(frame_of(jpeg)).observation.motion);
  const Bytes cut(jpeg.begin(), jpeg.end() - 100);
  const auto broken = inspector.inspect(frame_of(cut));
  REQUIRE(broken.refusal->reason == Reason::broken_file);
  REQUIRE_FALSE(broken.pictures);
  REQUIRE(inspector.inspect(frame_of({})).refusal->reason == Reason::empty_file);
  REQUIRE_FALSE(inspector.inspect(frame_of(jpeg)).observation.motion);
}

TEST_CASE("where a batch begins makes no difference to a frame's observation") {
  const auto first = jpeg_of(scene(320, 240, 1)), second = jpeg_of(scene(320, 240, 2));
  auto whole = inspector_of_two(), cut = inspector_of_two();
  whole.inspect(frame_of(first));
  cut.follow(frame_of(first));
  const auto a = whole.inspect(frame_of(second)), b = cut.inspect(frame_of(second));
  REQUIRE(a.observation.motion->tracked_points == b.observation.motion->tracked_points);
  REQUIRE(a.observation.motion->median_flow_px == b.observation.motion->median_flow_px);
  REQUIRE(a.pictures->hd == b.pictures->hd);
  cut.begin_sequence();
  REQUIRE_FALSE(cut.inspect(frame_of(second)).observation.motion);
}

TEST_CASE("the same frame gives the same bytes twice") {
  const auto jpeg = jpeg_of(scene(640, 480, 1));
  auto one = inspector_of_two(), other = inspector_of_two();
  const auto a = one.inspect(frame_of(jpeg)), b = other.inspect(frame_of(jpeg));
  REQUIRE(a.pictures->hd == b.pictures->hd);
  REQUIRE(a.pictures->sd == b.pictures->sd);
  REQUIRE(a.pictures->thumb == b.pictures->thumb);
  REQUIRE(a.observation.phash == b.observation.phash);
}

TEST_CASE("a frame stored on its side is upright in every public picture, and hidden where the upright box says") {
  cv::Mat stored;
  cv::rotate(scene(320, 240, 1), stored, cv::ROTATE_90_COUNTERCLOCKWISE);
  auto inspector = inspector_of_two();
  const auto result = inspector.inspect(frame_of(jpeg_of(stored), 6));
  REQUIRE(result.observation.width_px == 320);
  REQUIRE(pixels_of(result.pictures->hd).size() == cv::Size(320, 240));
  REQUIRE(pixels_of(result.pictures->thumb).size() == cv::Size(320, 240));
  REQUIRE(is_flat(result.pictures->hd, {100, 100, 80, 28}));
}

TEST_CASE("a picture larger than the detectors search is looked at smaller, its boxes are those of the whole picture") {
  /// Says that its whole picture is one sign.
  class Whole final : public Detector {
   public:
    std::vector<Detection> detect(const cv::Mat& bgr) override {
      seen = bgr.size();
      const auto width = static_cast<float>(bgr.cols), height = static_cast<float>(bgr.rows);
      return {{ObjectClass::sign, {0, 0, width, height}, 0.9f}};
    }
    const std::string& name() const override { return name_; }
    cv::Size seen;

   private:
    std::string name_ = "whole";
  };
  auto owned = std::make_unique<Whole>();
  auto& detector = *owned;
  Inspector inspector{list(std::move(owned)), {}};
  struct Known {
    cv::Size stored;
    int orientation;
    cv::Size seen, whole;
  };
  for (const auto& [stored, orientation, seen, whole] :
       {Known{{3841, 2161}, 1, {1921, 1081}, {3841, 2161}}, Known{{2560, 3840}, 1, {1280, 1920}, {2560, 3840}},
        Known{{3840, 2560}, 6, {1280, 1920}, {2560, 3840}}, Known{{2160, 3840}, 1, {1080, 1920}, {2160, 3840}},
        Known{{1920, 1080}, 1, {1920, 1080}, {1920, 1080}}}) {
    const auto jpeg = jpeg_of(cv::Mat(stored, CV_8UC3, cv::Scalar(90, 120, 150)));
    const auto result = inspector.inspect(frame_of(jpeg, orientation));
    CAPTURE(stored.width, stored.height, orientation);
    REQUIRE(detector.seen == seen);
    REQUIRE(cv::Size(result.observation.width_px, result.observation.height_px) == whole);
    REQUIRE(result.observation.detections[0].box ==
            Box{0, 0, static_cast<float>(whole.width), static_cast<float>(whole.height)});
  }
}
