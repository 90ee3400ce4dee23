#pragma once

#include "messages.pb.h"
#include "services/store/database.hpp"
#include "services/store/frames.hpp"
#include "services/store/jobs.hpp"

#include <optional>

namespace cairn::coordinator {

/// How many frames one inspect job holds: enough that a job is worth its messages, few enough that a death costs little.
inline constexpr int kInspectBatch = 32;

/// Whether a frame stays out of all that anyone may see: its owner hides it, or took it away.
bool is_hidden(const store::FrameRow&);

/// Everything a worker needs to run a job, read from the catalogue as it is now. Nothing when the job's subject is gone, so that
/// there is nothing to do.
std::optional<bus::Task> brief_of(store::Session&, const store::LeasedJob&);

// Of each stage that reads the catalogue; false when there is nothing to do.
bool brief_decode(store::Session&, const store::LeasedJob&, bus::DecodeTask*);
bool brief_assemble(store::Session&, const store::LeasedJob&, bus::AssembleTask*);
bool brief_inspect(store::Session&, const store::LeasedJob&, bus::InspectTask*);
bool brief_fuse(store::Session&, const store::LeasedJob&, bus::FuseTask*);

}  // namespace cairn::coordinator
