#include "vision/detector.hpp"

#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <stdexcept>

namespace cairn::vision {
namespace {

/// A cascade gives boxes without a probability; this is above every usual threshold for hiding and below those for publishing.
constexpr float kCascadeScore = 0.4f;

/// Finer steps and fewer neighbours find more and cost more: for plates, steps of 1.1 instead of 1.15 found 22 instead of 16 of 35
/// plates of a day and night drive in a fifth more time.
struct Search {
  ObjectClass object;
  int most_width_px;  ///< wider pictures are searched at this width: bounds the time
  double step;        ///< from one size of window to the next
  int neighbours;     ///< hits that lie together and make a box
  cv::Size least;     ///< px
};

constexpr double kGrow = 0.1;  ///< boxes sit tight on the characters or the face: grow each side by this share

cv::CascadeClassifier loaded(const std::string& folder, const char* file) {
  const auto path = (std::filesystem::path{folder} / file).string();
  cv::CascadeClassifier cascade;
  if (!std::filesystem::exists(path) || !cascade.load(path)) {
    throw std::runtime_error{"can't read the cascade " + path + "; install Debian's opencv-data or name its folder in the configuration"};
  }
  return cascade;
}

Box grown(const cv::Rect& hit, double scale, const cv::Size& picture) {
  const auto dx = static_cast<float>(hit.width * kGrow), dy = static_cast<float>(hit.height * kGrow);
  const auto s = static_cast<float>(scale);
  const auto x = [&](float v) { return std::clamp(v * s, 0.f, static_cast<float>(picture.width)); };
  const auto y = [&](float v) { return std::clamp(v * s, 0.f, static_cast<float>(picture.height)); };
  const auto left = static_cast<float>(hit.x), top = static_cast<float>(hit.y);
  const auto right = left + static_cast<float>(hit.width), bottom = top + static_cast<float>(hit.height);
  return {x(left - dx), y(top - dy), x(right + dx), y(bottom + dy)};
}

class CascadeDetector final : public Detector {
 public:
  explicit CascadeDetector(const std::string& folder)
      : plate_{loaded(folder, "haarcascade_russian_plate_number.xml")}, face_{loaded(folder, "haarcascade_frontalface_default.xml")} {}

  std::vector<Detection> detect(const cv::Mat& bgr) override {
    if (bgr.empty() || bgr.type() != CV_8UC3) throw std::runtime_error{"the cascades need a picture of 8-bit BGR"};
    cv::Mat grey;
    cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
    std::vector<Detection> found;
    search(plate_, {ObjectClass::plate, 1280, 1.1, 2, {30, 10}}, grey, found);
    search(face_, {ObjectClass::head, 960, 1.15, 3, {20, 20}}, grey, found);
    return found;
  }

  const std::string& name() const override { return name_; }

 private:
  static void search(cv::CascadeClassifier& cascade, const Search& how, const cv::Mat& grey, std::vector<Detection>& found) {
    const double scale = std::max(1.0, static_cast<double>(grey.cols) / how.most_width_px);
    cv::Mat small = grey;
    if (scale > 1) cv::resize(grey, small, {}, 1 / scale, 1 / scale, cv::INTER_AREA);
    std::vector<cv::Rect> hits;
    cascade.detectMultiScale(small, hits, how.step, how.neighbours, 0, how.least);
    for (const auto& hit : hits) found.push_back({how.object, grown(hit, scale, grey.size()), kCascadeScore});
  }

  std::string name_ = "opencv-cascades 4.6";
  cv::CascadeClassifier plate_;
  cv::CascadeClassifier face_;
};

}  // namespace

std::unique_ptr<Detector> make_cascade_detector(const std::string& folder) { return std::make_unique<CascadeDetector>(folder); }

}  // namespace cairn::vision
