// Closes epochs when their time has come and everything from before it is through.

#include "services/rewarder/close.hpp"
#include "services/settings/main_of_process.hpp"
#include "services/store/epochs.hpp"

#include <spdlog/spdlog.h>

#include <thread>

using namespace cairn;
using namespace std::chrono_literals;

namespace {

/// Epochs end on whole multiples of their length since Monday, 1970-01-05.
UtcTime last_end_before(UtcTime now, std::chrono::hours length) {
  const UtcTime monday{std::chrono::sys_days{std::chrono::year{1970} / 1 / 5}};
  return monday + (now - monday) / length * length;
}

void close_when_due(store::Session& session, const services::Settings& settings, const rewards::Policy& policy) {
  const auto end = last_end_before(services::now_utc(), std::chrono::hours{settings.rewards.epoch_h});
  const auto epochs = store::all_epochs(session);
  if (!epochs.empty() && epochs.back().end >= end) return;
  if (store::unfinished_before(session, end) > 0 || store::unpaid_frames(session, end).empty()) return;
  const auto closed = rewarder::close_epoch(session, policy, end, services::now_utc(), settings.bundle_folder());
  spdlog::info("closed {}: {} frames, {} accounts, root {}", closed.name, closed.frames, closed.accounts, closed.root);
}

void run(const services::Settings& settings, const std::atomic<bool>& stop) {
  const auto policy = rewarder::load_policy(settings.policy_file());
  store::Session session{{settings.database_url()}};
  store::migrate(session);
  auto next = std::chrono::steady_clock::now();
  while (!stop) {
    if (settings.rewards.epoch_h > 0 && std::chrono::steady_clock::now() >= next) {
      close_when_due(session, settings, policy);
      next = std::chrono::steady_clock::now() + 60s;
    }
    std::this_thread::sleep_for(100ms);
  }
}

}  // namespace

int main(int argc, char** argv) {
  return services::main_of_process("cairn-rewarder", "Closes reward epochs when their time has come.", argc, argv, run);
}
