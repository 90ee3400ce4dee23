#include "services/coordinator/effects.hpp"

#include "services/changes/completion.hpp"
#include "services/coordinator/briefs.hpp"
#include "services/coordinator/keys.hpp"
#include "services/store/frames.hpp"
#include "services/store/map.hpp"
#include "services/store/sequences.hpp"
#include "services/store/uploads.hpp"

#include <stdexcept>

namespace cairn::coordinator {
namespace {

using store::Session;

/// 2, 4, 8 … seconds, spread by the job's id so that many failures at once do not come back at once.
std::chrono::milliseconds delay_after(const store::LeasedJob& job) {
  const auto spread = std::hash<std::string>{}(job.id) % 1000;
  return std::chrono::milliseconds{(2000LL << std::min(job.attempts, 5)) + static_cast<long long>(spread)};
}

const Refusal kGivenUp{Reason::processing_failed, ""};

void give_up_file(Session& session, const store::LeasedJob& job, UtcTime now) {
  const auto id = FileId::parse(job.key);
  const auto file = id ? store::find_file(session, *id) : std::nullopt;
  if (!file) return;
  store::update_file(session, *id, store::FileState::refused, 0, kGivenUp);
  changes::assemble_when_ready(session, file->upload_set, now);
}

void give_up_batch(Session& session, const store::LeasedJob& job, UtcTime now) {
  const auto key = inspect_key_from(job.key);
  if (!key) return;
  const int first = key->batch * kInspectBatch + 1;
  for (auto& frame : store::frames_of_sequence(session, key->sequence, first, first + kInspectBatch - 1)) {
    frame.state = store::FrameState::inspected;
    frame.refusal = kGivenUp;
    store::update_frame(session, frame);
  }
  count_batch(session, key->sequence, now);
}

void give_up_sequence(Session& session, const store::LeasedJob& job, UtcTime now) {
  const auto id = SequenceId::parse(job.key);
  auto sequence = id ? store::find_sequence(session, *id) : std::nullopt;
  if (!sequence) return;
  for (auto& frame : store::frames_of_sequence(session, *id)) {
    frame.state = store::FrameState::fused;
    frame.published = false;
    if (!frame.refusal) frame.refusal = kGivenUp;
    store::update_frame(session, frame);
  }
  sequence->state = store::SequenceState::ready;
  sequence->accepted = 0;
  sequence->updated_at = now;
  store::update_sequence(session, *sequence);
}

void apply_outcome(Session& session, const bus::Result& result, UtcTime now, const EffectRules& rules) {
  const auto& lease = result.lease();
  switch (result.outcome_case()) {
    case bus::Result::kDecode: return apply_decode(session, lease, result.decode(), now);
    case bus::Result::kAssemble: return apply_assemble(session, lease, result.assemble(), now);
    case bus::Result::kInspect: return apply_inspect(session, lease, result.inspect(), now);
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
  if (!store::complete(session, job, now)) return Effect::late;
  apply_outcome(session, result, now, rules);
  return Effect::done;
}

void give_up(Session& session, const store::LeasedJob& job, UtcTime now, const EffectRules&) {
  switch (job.stage) {
    case store::Stage::decode: return give_up_file(session, job, now);
    case store::Stage::inspect: return give_up_batch(session, job, now);
    case store::Stage::fuse: return give_up_sequence(session, job, now);
    // The rest holds nobody's upload: it waits in quarantine for the operator.
    case store::Stage::assemble:
    case store::Stage::merge:
    case store::Stage::tile: return;
  }
}

}  // namespace cairn::coordinator
