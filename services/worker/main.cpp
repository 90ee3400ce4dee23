#include "services/settings/main_of_process.hpp"
#include "services/worker/worker.hpp"

#include <unistd.h>

#include <sstream>
#include <stdexcept>

using namespace cairn;

namespace {

std::vector<store::Stage> stages_from(const std::string& list) {
  std::vector<store::Stage> stages;
  std::istringstream names{list};
  for (std::string name; std::getline(names, name, ',');) {
    const auto stage = store::stage_from_name(name);
    if (!stage) throw std::runtime_error{"worker.stages names '" + name + "': the stages are decode, assemble, inspect, fuse, merge, tile"};
    stages.push_back(*stage);
  }
  return stages;
}

worker::WorkerOptions options_from(const services::Settings& settings) {
  worker::WorkerOptions options;
  options.name = "worker " + std::to_string(::getpid());
  options.bus = settings.bus_address();
  options.stall = std::chrono::seconds{settings.worker.stall_s};
  options.stages = stages_from(settings.worker.stages);
  options.make_tools = [settings] {
    return std::make_unique<worker::Tools>(store::BlobStore{settings.blob_folder()}, store::DatabaseUrl{settings.database_url()}, settings.models_file(),
                                           worker::BadFiles{settings.worker.abort_on_file, settings.worker.stall_on_file});
  };
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  return services::main_of_process(
      "cairn-worker", "Runs the stages of the path, one job at a time.", argc, argv,
      [](const services::Settings& settings, const std::atomic<bool>& stop) { worker::run_worker(options_from(settings), stop); });
}
