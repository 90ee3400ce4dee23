#pragma once
// Leases jobs, sends them to workers, commits what they return. Owns every lease; does no work itself.

#include "core/time.hpp"
#include "services/coordinator/effects.hpp"
#include "services/store/database.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <string>

namespace cairn::coordinator {

struct CoordinatorOptions {
  store::DatabaseUrl database;
  std::string bus;                                   ///< address to bind: ipc:///… or tcp://127.0.0.1:…
  EffectRules effects;
  std::chrono::milliseconds poll{50};                ///< how often the queue is looked at when nothing arrives
  std::chrono::seconds quiet_set{3600};              ///< an upload set without a word for so long is taken for complete
  std::function<UtcTime()> now;
};

/// Runs until `stop`; then gives all leases back and returns. Throws when the catalogue or the bus can't be had.
void run_coordinator(const CoordinatorOptions&, const std::atomic<bool>& stop);

}  // namespace cairn::coordinator
