#include "services/settings/main_of_process.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include <csignal>

namespace cairn::services {
namespace {

std::atomic<bool> stop_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may set it");

extern "C" void ask_to_stop(int) { stop_asked = true; }

}  // namespace

int main_of_process(const char* name, const char* what_it_does, int argc, char** argv,
                    const std::function<void(const Settings&, const std::atomic<bool>&)>& run) {
  CLI::App app{what_it_does, name};
  Settings settings;
  add_settings_flags(app, settings);
  CLI11_PARSE(app, argc, argv);

  struct sigaction action {};
  action.sa_handler = ask_to_stop;  // no SA_RESTART: a wait ends and looks at the flag
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  start_logging(name, settings.log.level);
  try {
    run(settings, stop_asked);
    spdlog::info("stopped");
    return 0;
  } catch (const std::exception& error) {
    spdlog::error("{}", error.what());
    return 1;
  }
}

UtcTime now_utc() { return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now()); }

}  // namespace cairn::services
