#pragma once
// Pictures -> boxes, by the net and by OpenCV's face cascade.

#include "core/observation.hpp"
#include "vision/model.hpp"

#include <memory>
#include <string>
#include <vector>

namespace cv {
class Mat;
}

namespace cairn::vision {

class Detector {
 public:
  virtual ~Detector() = default;
  /// Boxes in pixels of the picture given (BGR, 8 bit, upright), best first; every box lies within the picture.
  virtual std::vector<Detection> detect(const cv::Mat& bgr) = 0;
  virtual const std::string& name() const = 0;
};

/// Our net; `classes` says what its channels stand for. `least_score` is low for redaction; callers that publish filter again.
/// Wrong output shapes, NaN and more than 2,000 boxes throw (a model that misbehaves must not decide what is published).
std::unique_ptr<Detector> make_net_detector(std::unique_ptr<Model>, std::vector<ObjectClass> classes, float least_score);

/// Where Debian's opencv-data puts the cascades.
inline constexpr const char* kCascadeFolder = "/usr/share/opencv4/haarcascades";

/// OpenCV's cascade for large frontal faces: a second opinion for redaction. It knows no probability: every box scores 1, so that
/// each is hidden whatever the net's thresholds. `folder` holds the XML files. Throws when its own is missing.
std::unique_ptr<Detector> make_face_cascade(const std::string& folder = kCascadeFolder);

/// The union for redaction: all boxes of all detectors.
std::vector<Detection> united(std::vector<std::vector<Detection>> per_detector);

}  // namespace cairn::vision
