#pragma once
// What a result does to the catalogue: its rows, its follow-up jobs, its dirty tiles and its own completion, in one
// transaction of the caller's (law 3).

#include "core/id.hpp"
#include "core/lat_lon.hpp"
#include "core/time.hpp"
#include "messages.pb.h"
#include "services/changes/dirty_tiles.hpp"
#include "services/store/database.hpp"
#include "services/store/frames.hpp"
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

/// A failure that no other try will mend: the job goes into quarantine at once, and is given up. Does nothing when it is late.
void fail_for_good(store::Session&, const store::LeasedJob&, const std::string& why, UtcTime now, const EffectRules&);

/// Ends a job whose subject is gone, so that no worker is needed; what waited for it goes on.
void skip(store::Session&, const store::LeasedJob&, UtcTime now);

// One function per stage; each runs after its job was completed in the same transaction.
void apply_decode(store::Session&, const bus::Lease&, const bus::DecodeResult&, UtcTime now);
void apply_assemble(store::Session&, const bus::Lease&, const bus::AssembleResult&, UtcTime now);
void apply_inspect(store::Session&, const bus::Lease&, const bus::InspectResult&, UtcTime now, const EffectRules&);
void apply_fuse(store::Session&, const bus::Lease&, const bus::FuseResult&, UtcTime now, const EffectRules&);
void apply_merge(store::Session&, const bus::Lease&, const bus::MergeResult&, UtcTime now, const EffectRules&);
void apply_tile(store::Session&, const bus::Lease&, const bus::TileResult&, UtcTime now, const EffectRules&);

// What give_up does to a batch and to a sequence.
void give_up_batch(store::Session&, const store::LeasedJob&, UtcTime now, const EffectRules&);
void give_up_sequence(store::Session&, const store::LeasedJob&, UtcTime now, const EffectRules&);
inline const Refusal kGivenUp{Reason::processing_failed, ""};

/// Lets a sequence be fused, once more if need be, unless a frame of it still waits for inspection.
void fuse_when_inspected(store::Session&, SequenceId sequence, UtcTime now);

}  // namespace cairn::coordinator
