#include "services/coordinator/commits.hpp"

#include <spdlog/spdlog.h>

namespace cairn::coordinator {
namespace {

void commit(store::Session& session, const bus::Result& result, UtcTime now, const EffectRules& rules) {
  const auto& lease = result.lease();
  if (!store::stage_from_name(lease.stage())) {
    spdlog::warn("a result of job {} names the unknown stage '{}' and was ignored: run workers of the coordinator's version", lease.job(), lease.stage());
  } else if (apply(session, result, now, rules) == Effect::late) {
    spdlog::info("a late result of job {} ({}) was ignored", lease.job(), lease.stage());
  } else if (result.outcome_case() == bus::Result::kError) {
    spdlog::warn("job {} ({} {}) failed: {}", lease.job(), lease.stage(), lease.key(), result.error());
  } else if (result.outcome_case() == bus::Result::kNoRoom) {
    spdlog::error("job {} ({} {}) waits until there is room: {}", lease.job(), lease.stage(), lease.key(), result.no_room());
  }
}

void commit_alone(store::Session& catalogue, const bus::Result& result, UtcTime now, const EffectRules& rules) {
  try {
    catalogue.write([&](store::Session& session) { commit(session, result, now, rules); });
  } catch (const std::exception& error) {
    bus::Result failed;
    *failed.mutable_lease() = result.lease();
    failed.set_error(std::string{"its result could not be committed: "} + error.what());
    catalogue.write([&](store::Session& session) { commit(session, failed, now, rules); });
  }
}

}  // namespace

void commit_together(store::Session& catalogue, const Results& results, UtcTime now, const EffectRules& rules, const std::function<void(store::Session&)>& next) {
  try {
    catalogue.write([&](store::Session& session) {
      for (const auto& [peer, result] : results) commit(session, result, now, rules);
      next(session);
    });
  } catch (const std::exception& error) {
    // One of them is bad, or the database failed: each on its own shows which.
    spdlog::warn("a commit of {} results failed ({}); trying one by one", results.size(), error.what());
    for (const auto& [peer, result] : results) commit_alone(catalogue, result, now, rules);
    catalogue.write(next);
  }
}

}  // namespace cairn::coordinator
