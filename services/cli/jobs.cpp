#include "services/cli/commands.hpp"
#include "services/settings/main_of_process.hpp"
#include "services/store/jobs.hpp"

#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

namespace cairn::cli {
namespace {

using nlohmann::json;

void list_jobs(const services::Settings& settings, bool as_json) {
  store::Session session{{settings.database_url()}};
  const auto jobs = store::quarantined(session);
  if (as_json) {
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

void replay_jobs(const services::Settings& settings, const std::string& id) {
  store::Session session{{settings.database_url()}};
  int count = 0;
  session.write([&](store::Session& s) { count = store::replay(s, id, services::now_utc()); });
  std::cout << count << " job(s) put back into the queue\n";
}

}  // namespace

void add_jobs_command(CLI::App& app, int& code) {
  auto* command = app.add_subcommand("jobs", "The queue, and jobs in quarantine");
  command->require_subcommand(1);
  const auto settings = std::make_shared<services::Settings>();
  const auto as_json = std::make_shared<bool>(false);
  const auto id = std::make_shared<std::string>();

  auto* list = command->add_subcommand("list", "Show queue lengths and every job in quarantine with its error");
  services::add_settings_flags(*list, *settings);
  list->add_flag("--json", *as_json, "print JSON");
  list->callback([=, &code] { list_jobs(*settings, *as_json); code = 0; });

  auto* replay = command->add_subcommand("replay", "Put a job in quarantine (or all) back into the queue");
  services::add_settings_flags(*replay, *settings);
  replay->add_option("id", *id, "the job; all when none is named");
  replay->callback([=, &code] { replay_jobs(*settings, *id); code = 0; });
  command->footer("Examples:\n  cairn jobs list --data cairn-data\n  cairn jobs replay 3f6c…");
}

}  // namespace cairn::cli
