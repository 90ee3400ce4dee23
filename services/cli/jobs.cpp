#include "services/cli/commands.hpp"
#include "services/cli/subcommands.hpp"
#include "services/settings/main_of_process.hpp"
#include "services/store/jobs.hpp"

#include <nlohmann/json.hpp>

#include <iostream>

namespace cairn::cli {
namespace {

using nlohmann::json;

struct JobsOptions {
  services::Settings settings;
  std::string id;
  bool as_json = false;
};

void list_jobs(const JobsOptions& options) {
  auto session = open_catalogue(options.settings);
  const auto jobs = store::quarantined(session);
  if (options.as_json) {
    auto list = json::array();
    for (const auto& job : jobs) {
      list.push_back({{"id", job.id}, {"stage", store::name_of(job.stage)}, {"key", job.key}, {"tenant", job.tenant},
                      {"failures", job.attempts}, {"deaths", job.deaths}, {"error", job.last_error}});
    }
    std::cout << list.dump(2) << "\n";
    return;
  }
  for (const auto& depth : store::queue_depths(session)) {
    std::cout << store::name_of(depth.stage) << ": " << depth.queued << " waiting, " << depth.leased << " running, "
              << depth.quarantined << " in quarantine\n";
  }
  for (const auto& job : jobs) {
    std::cout << job.id << "  " << store::name_of(job.stage) << " " << job.key << "  " << job.attempts << " failures, " << job.deaths
              << " deaths: " << job.last_error << "\n";
  }
}

void replay_jobs(const JobsOptions& options) {
  auto session = open_catalogue(options.settings);
  int count = 0;
  session.write([&](store::Session& s) { count = store::replay(s, options.id, services::now_utc()); });
  std::cout << count << " job(s) put back into the queue\n";
}

}  // namespace

void add_jobs_command(CLI::App& app, int& code) {
  auto* command = app.add_subcommand("jobs", "The queue, and jobs in quarantine");
  Subcommands<JobsOptions> commands{*command, code};
  auto& options = commands.options();
  commands.add("list", "Show queue lengths and every job in quarantine with its error", list_jobs)->add_flag("--json", options.as_json, "print JSON");
  commands.add("replay", "Put a job in quarantine (or all) back into the queue", replay_jobs)->add_option("id", options.id, "the job; all when none is named");
  command->footer("Examples:\n  cairn jobs list --data cairn-data\n  cairn jobs replay 3f6c…");
}

}  // namespace cairn::cli
