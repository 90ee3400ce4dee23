#pragma once

#include "vision/detector.hpp"

namespace cairn::testing {

/// A detector that finds nothing.
class Nothing final : public vision::Detector {
 public:
  std::vector<Detection> detect(const cv::Mat&) override { return {}; }
  const std::string& name() const override { return name_; }

 private:
  std::string name_ = "nothing";
};

}  // namespace cairn::testing
