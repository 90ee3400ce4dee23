#pragma once

#include "services/gateway/tus/answers.hpp"

namespace cairn::gateway::tus {

/// Puts finished parts together and hands the whole on; then the parts go away. The id of the whole follows
/// from its parts, so asking again, after an answer that was lost, gives the same upload. 404 for a part that isn't there, 409
/// for one that isn't finished, 413 for too large a whole.
Asked<store::PartialUpload> join(const Creation& creation, store::PartialUpload upload, Context& context);

}  // namespace cairn::gateway::tus
