#pragma once
// How much there is of everything, for the status page and for Prometheus.

#include "services/gateway/remembered.hpp"
#include "services/store/jobs.hpp"
#include "services/store/totals.hpp"

#include <vector>

namespace cairn::gateway {

/// Taking it reads an entry of an index for every row of the catalogue.
struct Counts {
  store::Totals totals;
  std::vector<store::QueueDepth> queues;
  std::vector<store::RefusalCount> refusals;
};
using Census = Remembered<Counts>;

}  // namespace cairn::gateway
