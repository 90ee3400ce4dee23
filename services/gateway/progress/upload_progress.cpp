#include "services/gateway/progress/upload_progress.hpp"
#include "services/store/sequences.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::gateway {
namespace {

constexpr double kFramesPerBatch = 32;  ///< what the coordinator hands out at once, near enough for an estimate
constexpr int kMapZoom = 14;            ///< the zoom at which frames enter the map

/// Seconds of work; nothing as long as a stage among them was never measured.
std::optional<double> seconds_of(const store::JobCounts& jobs, const store::Pace& pace) {
  double seconds = 0;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (jobs[i] == 0) continue;
    if (!pace.seconds_per_job[i]) return std::nullopt;
    seconds += jobs[i] * *pace.seconds_per_job[i];
  }
  return seconds;
}

/// Jobs of the set that are not queued yet, because an earlier stage makes them.
store::JobCounts jobs_to_come(const Snapshot& now, const store::JobCounts& queued) {
  const auto files_left = std::ranges::count(now.files, store::FileState::received, &store::ReceivedFile::state);
  const auto frames_left = std::ranges::count_if(now.frames, [](const auto& frame) { return !frame.refusal && frame.state == store::FrameState::decoded; });
  const auto unready = std::ranges::count_if(now.sequences, [](const auto& sequence) { return sequence.state != store::SequenceState::ready; });
  store::JobCounts jobs{};
  const auto at = [&jobs](store::Stage stage) -> int& { return jobs[static_cast<std::size_t>(stage)]; };
  at(store::Stage::inspect) = static_cast<int>(std::ceil(static_cast<double>(files_left + frames_left) / kFramesPerBatch));
  const int fuses = static_cast<int>(unready) + (files_left + frames_left > 0 ? 1 : 0);
  at(store::Stage::fuse) = std::max(0, fuses - queued[static_cast<std::size_t>(store::Stage::fuse)]);
  at(store::Stage::tile) = fuses;
  return jobs;
}

}  // namespace

std::string_view name_of(Step step) {
  static constexpr std::string_view kNames[] = {"received", "decoding", "inspecting", "fusing", "fused", "on_the_map", "refused"};
  return kNames[static_cast<int>(step)];
}

bool Snapshot::ready() const {
  const auto is_ready = [](const auto& sequence) { return sequence.state == store::SequenceState::ready; };
  return set.dispatched_at.has_value() && std::ranges::all_of(sequences, is_ready);
}

/// Sequences are read before frames: what was ready then has all its verdicts now.
Snapshot snapshot_of(Context& context, const store::UploadSet& set) {
  Snapshot now{set, store::sequences_of_set(context.catalogue, set.id), store::files_of(context.catalogue, set.id), {}, {}, {}};
  now.being_decoded = store::files_being_decoded(context.catalogue, set.id);
  now.frames = store::frame_fates(context.catalogue, set.id);
  std::set<TileId> tiles;
  for (const auto& frame : now.frames) {
    if (frame.published) tiles.insert(tile_of(frame.place, kMapZoom));
  }
  std::ranges::copy_if(tiles, std::inserter(now.waiting_tiles, now.waiting_tiles.end()), [&](TileId tile) { return store::tile_waits(context.catalogue, tile); });
  return now;
}

Step step_of(const store::FrameFate& frame, const Snapshot& now) {
  if (frame.refusal) return Step::refused;
  switch (frame.state) {
    case store::FrameState::decoded:
    case store::FrameState::assembled: return Step::inspecting;
    case store::FrameState::inspected: return Step::fusing;
    case store::FrameState::fused: break;
  }
  return frame.published && !now.waiting_tiles.contains(tile_of(frame.place, kMapZoom)) ? Step::on_the_map : Step::fused;
}

std::map<FileId, Step> steps_of(const Snapshot& now) {
  std::map<FileId, Step> steps;
  for (const auto& file : now.files) {
    if (file.state == store::FileState::refused) steps[file.id] = Step::refused;
    if (file.state == store::FileState::received) steps[file.id] = now.being_decoded.contains(file.id) ? Step::decoding : Step::received;
  }
  for (const auto& frame : now.frames) {
    const auto step = step_of(frame, now);
    const auto [known, is_new] = steps.emplace(frame.file, step);
    if (!is_new) known->second = std::min(known->second, step);
  }
  for (const auto& file : now.files) steps.emplace(file.id, Step::fused);  // a track: it gives no frames, its work is done
  return steps;
}

Wait wait_of(Context& context, const Snapshot& now) {
  const auto place = store::queue_place(context.catalogue, now.set.id);
  const auto pace = store::pace(context.catalogue);
  Wait wait;
  for (const int jobs : place.before) wait.jobs_before += jobs;
  if (pace.workers == 0) return wait;
  auto jobs = jobs_to_come(now, place.own);
  for (std::size_t i = 0; i < jobs.size(); ++i) jobs[i] += place.before[i] + place.own[i];
  if (const auto work_s = seconds_of(jobs, pace)) wait.estimate_s = std::round(10 * *work_s / pace.workers) / 10;
  return wait;
}

}  // namespace cairn::gateway
