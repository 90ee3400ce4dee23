#pragma once
// What the mains of all long-running processes share: flags, logging, signals, and one sentence when it goes wrong.

#include "core/time.hpp"
#include "services/settings/settings.hpp"

#include <atomic>
#include <functional>

namespace cairn::services {

/// Parses flags into settings, starts logging, turns SIGINT and SIGTERM into `stop`, runs, and gives the exit code. An
/// exception becomes one log line and exit code 1.
int main_of_process(const char* name, const char* what_it_does, int argc, char** argv,
                    const std::function<void(const Settings&, const std::atomic<bool>& stop)>& run);

/// The clock of the world; pure code gets times as arguments.
UtcTime now_utc();

}  // namespace cairn::services
