#pragma once
// Frames to weights: the coverage pool's formula.

#include "rewards/epoch.hpp"

#include <vector>

namespace cairn::rewards {

struct CoverageWork {
  std::vector<Line> lines;        ///< by taken_at, then frame
  std::vector<LastVisit> visits;  ///< new state of the touched cells, sorted
};

/// Weighs the rows of an input that has no problems.
CoverageWork weigh_coverage(const CanonicalInput& input);

/// Need of a cell at an instant, from the time that lies between it and the nearest known visit.
Ppm need_after(std::chrono::microseconds away, std::chrono::hours horizon);

/// need × quality × trust in parts per million, rounded down once.
Ppm weight_of(Ppm need, Ppm quality, Ppm trust);

}  // namespace cairn::rewards
