#pragma once
// Pictures -> boxes, by the net and by OpenCV's cascades.

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

/// Our net. `least_score` is low for redaction; callers that publish filter again. Wrong output shapes, NaN and more than
/// 2,000 boxes throw (a model that misbehaves must not decide what is published).
std::unique_ptr<Detector> make_net_detector(std::unique_ptr<Model>, float least_score);

/// OpenCV's plate and face cascades: a second opinion for redaction. `folder` holds the XML files of Debian's opencv-data.
/// Throws when they are missing.
std::unique_ptr<Detector> make_cascade_detector(const std::string& folder);

/// The union for redaction: all boxes of all detectors.
std::vector<Detection> united(std::vector<std::vector<Detection>> per_detector);

}  // namespace cairn::vision
