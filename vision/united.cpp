#include "vision/detector.hpp"

#include <iterator>

namespace cairn::vision {

std::vector<Detection> united(std::vector<std::vector<Detection>> per_detector) {
  std::vector<Detection> all;
  for (auto& boxes : per_detector) all.insert(all.end(), boxes.begin(), boxes.end());
  return all;
}

}  // namespace cairn::vision
