#pragma once
// What a result does to the catalogue: its rows, its follow-up jobs, its dirty tiles and its own completion, in one
// transaction of the caller's (law 3).

#include "core/id.hpp"
#include "core/lat_lon.hpp"
#include "core/time.hpp"
#include "messages.pb.h"
#include "services/changes/dirty_tiles.hpp"
#include "services/store/database.hpp"
#include "services/store/jobs.hpp"

#include <chrono>
#include <vector>

namespace cairn::coordinator {

struct EffectRules {
  changes::Debounce debounce;
  store::LeaseRules leases;
};

/// Throws when the lease names a stage that there is not.
store::LeasedJob job_of(const bus::Lease&);

enum class Effect { done, late };

/// Completes the job if its token still holds it, and then does what the result says; a late result changes nothing.
/// Throws when the result is none a worker of ours can have made; the caller rolls back.
Effect apply(store::Session&, const bus::Result&, UtcTime now, const EffectRules&);

/// A job that was quarantined must not leave its upload waiting for ever: its file or frames are refused with
/// processing_failed and the path goes on without them.
void give_up(store::Session&, const store::LeasedJob&, UtcTime now, const EffectRules&);

// One function per stage; each runs after its job was completed in the same transaction.
void apply_decode(store::Session&, const bus::Lease&, const bus::DecodeResult&, UtcTime now);
void apply_assemble(store::Session&, const bus::Lease&, const bus::AssembleResult&, UtcTime now);
void apply_inspect(store::Session&, const bus::Lease&, const bus::InspectResult&, UtcTime now);
void apply_fuse(store::Session&, const bus::Lease&, const bus::FuseResult&, UtcTime now, const EffectRules&);
void apply_merge(store::Session&, const bus::Lease&, const bus::MergeResult&, UtcTime now, const EffectRules&);
void apply_tile(store::Session&, const bus::Lease&, const bus::TileResult&, UtcTime now, const EffectRules&);

/// One batch of a sequence is through (inspected or given up): the last one lets the sequence be fused.
void count_batch(store::Session&, SequenceId sequence, UtcTime now);

}  // namespace cairn::coordinator
