#include "services/coordinator/roster.hpp"

#include "services/coordinator/effects.hpp"

#include <algorithm>

namespace cairn::coordinator {
namespace {

constexpr unsigned kMostCredit = 64;  // what a worker may hold at once, whatever it says

/// What the roster knows of a lease, taken out of it.
std::optional<Held> taken_out(Roster& roster, const std::string& token) {
  for (auto& [peer, worker] : roster) {
    const auto found = worker.held.find(token);
    if (found == worker.held.end()) continue;
    auto held = std::move(found->second);
    worker.held.erase(found);
    return held;
  }
  return std::nullopt;
}

}  // namespace

Worker worker_from(const bus::Hello& hello, Roster& roster, UtcTime now) {
  Worker worker;
  worker.name = hello.worker();
  worker.credit = static_cast<int>(std::min(hello.credit(), kMostCredit));
  worker.last_heard = now;
  for (const auto& name : hello.stages()) {
    if (const auto stage = store::stage_from_name(name)) worker.stages.push_back(*stage);
  }
  for (const auto& lease : hello.held()) {
    if (!store::stage_from_name(lease.stage())) continue;
    auto held = taken_out(roster, lease.token()).value_or(Held{job_of(lease), std::nullopt});
    if (lease.token() == hello.running() && !held.started_at) held.started_at = now;
    worker.held[lease.token()] = std::move(held);
  }
  return worker;
}

}  // namespace cairn::coordinator
