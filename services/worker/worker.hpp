#pragma once

#include "services/store/jobs.hpp"
#include "services/worker/tools.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cairn::worker {

struct WorkerOptions {
  std::string name;                           ///< for people
  std::string bus;                            ///< the coordinator's address
  std::vector<store::Stage> stages;
  std::function<std::unique_ptr<Tools>()> make_tools;
  std::chrono::seconds stall{600};            ///< without a step; the slowest frame takes seconds
};

/// Takes tasks from the coordinator and runs them one at a time until `stop`; then finishes the one that runs, gives the rest
/// back, says goodbye and returns. One process, one job: a picture that kills its decoder kills nothing else. A task that takes
/// no step for `stall` can't be stopped from outside: the process ends, which counts as a death of the task.
void run_worker(const WorkerOptions&, const std::atomic<bool>& stop);

}  // namespace cairn::worker
