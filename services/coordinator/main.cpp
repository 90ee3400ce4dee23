#include "services/coordinator/coordinator.hpp"
#include "services/settings/main_of_process.hpp"

using namespace cairn;

namespace {

coordinator::CoordinatorOptions options_from(const services::Settings& settings) {
  const std::chrono::milliseconds step{settings.tiles.debounce_ms};
  coordinator::CoordinatorOptions options;
  options.database = {settings.database_url()};
  options.bus = settings.bus_address();
  options.effects.debounce = changes::Debounce::from_step(step);
  options.effects.leases.lease = std::chrono::seconds{settings.jobs.lease_s};
  options.quiet_set = std::chrono::seconds{settings.jobs.quiet_set_s};
  options.now = services::now_utc;
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  return services::main_of_process(
      "cairn-coordinator", "Leases jobs to workers and commits what they return.", argc, argv,
      [](const services::Settings& settings, const std::atomic<bool>& stop) { coordinator::run_coordinator(options_from(settings), stop); });
}
