#include "vision/detector.hpp"

#include <opencv2/core/version.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace cairn::vision {
namespace {

/// Wider pictures are searched at this width: on four sets of street pictures it hid the same heads as 960 px did, in a third of the
/// time (docs/decisions/detectors.md). What is smaller is left to the net.
constexpr int kSearchedWidthPx = 480;
constexpr double kStep = 1.15;  ///< from one size of window to the next
constexpr int kNeighbours = 3;  ///< hits that lie together and make a box
constexpr int kLeastPx = 20;    ///< of a face in the picture that is searched
constexpr double kGrow = 0.1;   ///< boxes sit tight on the face: grow each side by this share

cv::CascadeClassifier loaded(const std::string& folder, const char* file) {
  const auto path = (std::filesystem::path{folder} / file).string();
  cv::CascadeClassifier cascade;
  if (!std::filesystem::exists(path) || !cascade.load(path)) {
    throw std::runtime_error{"can't read the cascade " + path + "; install Debian's package opencv-data"};
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

class FaceCascade final : public Detector {
 public:
  explicit FaceCascade(const std::string& folder) : cascade_{loaded(folder, "haarcascade_frontalface_default.xml")} {}

  std::vector<Detection> detect(const cv::Mat& bgr) override {
    if (bgr.empty() || bgr.type() != CV_8UC3) throw std::runtime_error{"the face cascade needs a picture of 8-bit BGR"};
    cv::Mat grey;
    cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
    const double scale = std::max(1.0, static_cast<double>(grey.cols) / kSearchedWidthPx);
    cv::Mat small = grey;
    if (scale > 1) cv::resize(grey, small, {}, 1 / scale, 1 / scale, cv::INTER_AREA);
    std::vector<cv::Rect> hits;
    cascade_.detectMultiScale(small, hits, kStep, kNeighbours, 0, {kLeastPx, kLeastPx});
    std::vector<Detection> found;
    for (const auto& hit : hits) found.push_back({ObjectClass::head, grown(hit, scale, grey.size()), 1});
    return found;
  }

  const std::string& name() const override { return name_; }

 private:
  std::string name_ = "opencv-faces " + std::to_string(CV_VERSION_MAJOR) + "." + std::to_string(CV_VERSION_MINOR);
  cv::CascadeClassifier cascade_;
};

}  // namespace

std::unique_ptr<Detector> make_face_cascade(const std::string& folder) { return std::make_unique<FaceCascade>(folder); }

}  // namespace cairn::vision
