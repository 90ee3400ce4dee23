#pragma once

#include "messages.pb.h"
#include "services/coordinator/effects.hpp"
#include "services/store/database.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::coordinator {

/// Each with the address of the worker that brought it.
using Results = std::vector<std::pair<std::string, bus::Result>>;

/// Applies results in one transaction: one fsync for all that was waiting. When that fails each gets a transaction of its own, and
/// one whose effects can't be committed counts as a failure of its job; one of a stage that there is not is left out. What comes
/// `next` shares the transaction, or has its own after them. Throws when the catalogue can't be written.
void commit_together(store::Session&, const Results&, UtcTime now, const EffectRules&, const std::function<void(store::Session&)>& next);

}  // namespace cairn::coordinator
