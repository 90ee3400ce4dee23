#pragma once
// What a result does to the catalogue: its rows, its follow-up jobs, its dirty tiles and its own completion, in one
// transaction of the caller's (law 3).

#include "core/id.hpp"
#include "core/lat_lon.hpp"
#include "core/time.hpp"
#include "messages.pb.h"
#include "services/store/database.hpp"
#include "services/store/jobs.hpp"

#include <chrono>
#include <vector>

namespace cairn::coordinator {

/// How long a dirty tile waits, so that many changes become one build. The contract allows 2 s from zoom 14 on, 5 s from 10,
/// 30 s from 6 and 5 minutes below.
struct Debounce {
  std::chrono::milliseconds from_14{200};
  std::chrono::milliseconds from_10{1000};
  std::chrono::milliseconds from_6{2000};
  std::chrono::milliseconds below{4000};
  std::chrono::milliseconds at(int zoom) const {
    return zoom >= 14 ? from_14 : zoom >= 10 ? from_10 : zoom >= 6 ? from_6 : below;
  }
};

struct EffectRules {
  Debounce debounce;
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

/// All files of a completed set are decoded: its frames can be put in order. Does nothing otherwise.
void assemble_when_ready(store::Session&, UploadSetId set, UtcTime now);

/// Marks base tiles of every tile set as dirty. For `cairn tiles rebuild`, too.
void mark_tiles_dirty(store::Session&, const std::vector<LatLon>& places, UtcTime now, const EffectRules&);

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
