#include "services/coordinator/effects.hpp"

#include "services/changes/completion.hpp"
#include "services/coordinator/keys.hpp"
#include "services/store/files.hpp"
#include "services/store/frames.hpp"
#include "services/store/uploads.hpp"

#include <stdexcept>

namespace cairn::coordinator {
namespace {

using store::Session;

/// Short enough that work goes on soon after somebody made room, long enough that a full disk isn't hammered.
constexpr std::chrono::seconds kUntilThereIsRoom{15};

/// 2, 4, 8 … seconds, spread by the job's id so that many failures at once do not come back at once.
std::chrono::milliseconds delay_after(const store::LeasedJob& job) {
  const auto spread = std::hash<std::string>{}(job.id) % 1000;
  return std::chrono::milliseconds{(2000LL << std::min(job.attempts, 5)) + static_cast<long long>(spread)};
}

void give_up_file(Session& session, const store::LeasedJob& job, UtcTime now) {
  const auto id = FileId::parse(job.key);
  const auto file = id ? store::find_file(session, *id) : std::nullopt;
  if (!file) return;
  store::update_file(session, *id, store::FileState::refused, 0, kGivenUp);
  changes::assemble_when_ready(session, file->upload_set, now);
}

/// Frames are left in their order without sequences: refused ones hold nothing up, and the set can be put back (brief_assemble).
void give_up_set(Session& session, const store::LeasedJob& job, UtcTime now) {
  const auto id = UploadSetId::parse(job.key);
  const auto set = id ? store::find_upload_set(session, *id) : std::nullopt;
  if (!set) return;
  for (auto& frame : store::frames_of_set(session, *id)) {
    if (frame.state != store::FrameState::decoded || frame.refusal) continue;
    frame.refusal = kGivenUp;
    store::update_frame(session, frame);
  }
  store::set_dispatched(session, *id, now);
}

void apply_outcome(Session& session, const bus::Result& result, UtcTime now, const EffectRules& rules) {
  const auto& lease = result.lease();
  switch (result.outcome_case()) {
    case bus::Result::kDecode: return apply_decode(session, lease, result.decode(), now);
    case bus::Result::kAssemble: return apply_assemble(session, lease, result.assemble(), now);
    case bus::Result::kInspect: return apply_inspect(session, lease, result.inspect(), now, rules);
    case bus::Result::kFuse: return apply_fuse(session, lease, result.fuse(), now, rules);
    case bus::Result::kMerge: return apply_merge(session, lease, result.merge(), now, rules);
    case bus::Result::kTile: return apply_tile(session, lease, result.tile(), now, rules);
    default: throw std::runtime_error{"a result of job " + lease.job() + " says nothing"};
  }
}

}  // namespace

store::LeasedJob job_of(const bus::Lease& lease) {
  const auto stage = store::stage_from_name(lease.stage());
  if (!stage) throw std::runtime_error{"a result names the unknown stage '" + lease.stage() + "'"};
  return {lease.job(), *stage, lease.key(), lease.tenant(), lease.token(), lease.attempts(), lease.deaths()};
}

Effect apply(Session& session, const bus::Result& result, UtcTime now, const EffectRules& rules) {
  const auto job = job_of(result.lease());
  if (result.outcome_case() == bus::Result::kError) {
    if (!store::fail(session, job, result.error(), now, delay_after(job), rules.leases)) return Effect::late;
    if (job.attempts + 1 >= rules.leases.most_failures) give_up(session, job, now, rules);
    return Effect::done;
  }
  if (result.outcome_case() == bus::Result::kNoRoom) {
    return store::postpone(session, job, result.no_room(), now, kUntilThereIsRoom) ? Effect::done : Effect::late;
  }
  if (!store::complete(session, job, now)) return Effect::late;
  apply_outcome(session, result, now, rules);
  return Effect::done;
}

void give_up(Session& session, const store::LeasedJob& job, UtcTime now, const EffectRules& rules) {
  switch (job.stage) {
    case store::Stage::decode: return give_up_file(session, job, now);
    case store::Stage::assemble: return give_up_set(session, job, now);
    case store::Stage::inspect: return give_up_batch(session, job, now, rules);
    case store::Stage::fuse: return give_up_sequence(session, job, now, rules);
    // The rest holds nobody's upload: it waits in quarantine for the operator.
    case store::Stage::merge:
    case store::Stage::tile: return;
  }
}

void fail_for_good(Session& session, const store::LeasedJob& job, const std::string& why, UtcTime now, const EffectRules& rules) {
  auto strict = rules.leases;
  strict.most_failures = 1;
  if (store::fail(session, job, why, now, {}, strict)) give_up(session, job, now, rules);
}

void skip(Session& session, const store::LeasedJob& job, UtcTime now) {
  if (!store::complete(session, job, now) || job.stage != store::Stage::inspect) return;
  if (const auto key = inspect_key_from(job.key)) fuse_when_inspected(session, key->sequence, now);
}

}  // namespace cairn::coordinator
