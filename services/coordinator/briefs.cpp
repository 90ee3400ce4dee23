#include "services/coordinator/briefs.hpp"

#include "core/tile_id.hpp"
#include "services/coordinator/keys.hpp"

namespace cairn::coordinator {
namespace {

using store::LeasedJob;
using store::Session;

void write_lease(const LeasedJob& job, bus::Lease* lease) {
  lease->set_job(job.id);
  lease->set_stage(std::string{store::name_of(job.stage)});
  lease->set_key(job.key);
  lease->set_tenant(job.tenant);
  lease->set_token(job.token);
  lease->set_attempts(job.attempts);
  lease->set_deaths(job.deaths);
}

void write_address(TileId tile, bus::TileAddress* to) {
  to->set_zoom(tile.zoom());
  to->set_x(tile.x());
  to->set_y(tile.y());
}

bool brief_merge(const LeasedJob& job, bus::MergeTask* task) {
  const auto cell = tile_from_text(job.key);
  if (cell) write_address(*cell, task->mutable_cell());
  return cell.has_value();
}

bool brief_tile(const LeasedJob& job, bus::TileTask* task) {
  const auto key = tile_key_from(job.key);
  if (!key) return false;
  task->set_tileset(key->tileset);
  write_address(key->tile, task->mutable_tile());
  return true;
}

bool write_work(Session& session, const LeasedJob& job, bus::Task& task) {
  switch (job.stage) {
    case store::Stage::decode: return brief_decode(session, job, task.mutable_decode());
    case store::Stage::assemble: return brief_assemble(session, job, task.mutable_assemble());
    case store::Stage::inspect: return brief_inspect(session, job, task.mutable_inspect());
    case store::Stage::fuse: return brief_fuse(session, job, task.mutable_fuse());
    case store::Stage::merge: return brief_merge(job, task.mutable_merge());
    case store::Stage::tile: return brief_tile(job, task.mutable_tile());
  }
  return false;
}

}  // namespace

std::optional<bus::Task> brief_of(Session& session, const LeasedJob& job) {
  bus::Task task;
  if (!write_work(session, job, task)) return std::nullopt;
  write_lease(job, task.mutable_lease());
  return task;
}

}  // namespace cairn::coordinator
