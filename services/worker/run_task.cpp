#include "services/worker/stages.hpp"

#include <stdexcept>
#include <system_error>

namespace cairn::worker {
namespace {

void work(const bus::Task& task, Tools& tools, bus::Result& result) {
  switch (task.work_case()) {
    case bus::Task::kDecode: *result.mutable_decode() = run_decode(task.decode(), tools); return;
    case bus::Task::kAssemble: *result.mutable_assemble() = run_assemble(task.assemble()); return;
    case bus::Task::kInspect: *result.mutable_inspect() = run_inspect(task.inspect(), tools); return;
    case bus::Task::kFuse: *result.mutable_fuse() = run_fuse(task.fuse()); return;
    case bus::Task::kMerge: *result.mutable_merge() = run_merge(task.merge(), tools); return;
    case bus::Task::kTile: *result.mutable_tile() = run_tile(task.tile(), tools); return;
    case bus::Task::WORK_NOT_SET: break;
  }
  throw std::runtime_error{"this worker does not know what the task asks for: is it older than the coordinator?"};
}

}  // namespace

bus::Result run_task(const bus::Task& task, Tools& tools) {
  bus::Result result;
  try {
    work(task, tools, result);
  } catch (const std::system_error& error) {
    error.code() == std::errc::no_space_on_device ? result.set_no_room(error.what()) : result.set_error(error.what());
  } catch (const std::exception& error) {
    result.set_error(error.what());
  }
  *result.mutable_lease() = task.lease();
  return result;
}

}  // namespace cairn::worker
