#pragma once
// One function per stage: fetch, call the room, store, answer. A thrown exception means that the world failed.

#include "messages.pb.h"
#include "services/worker/tools.hpp"

namespace cairn::worker {

bus::DecodeResult run_decode(const bus::DecodeTask&, Tools&);
bus::AssembleResult run_assemble(const bus::AssembleTask&);
bus::InspectResult run_inspect(const bus::InspectTask&, Tools&);
bus::FuseResult run_fuse(const bus::FuseTask&);
bus::MergeResult run_merge(const bus::MergeTask&, Tools&);
bus::TileResult run_tile(const bus::TileTask&, Tools&);

/// Runs whatever the task asks for; an exception becomes the result's error.
bus::Result run_task(const bus::Task&, Tools&);

}  // namespace cairn::worker
