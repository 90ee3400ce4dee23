#include "services/cli/commands.hpp"
#include "services/cli/http_client.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <thread>

namespace cairn::cli {
namespace {

using nlohmann::json;

void print_status(const json& status) {
  const auto& totals = status.at("totals");
  std::cout << "files " << totals.value("files", 0) << "   frames " << totals.value("frames", 0) << "   published "
            << totals.value("published", 0) << "   sequences " << totals.value("sequences", 0) << "   features "
            << totals.value("features", 0) << "   tiles " << totals.value("tiles", 0) << "\n";
  for (const auto& [name, stage] : status.at("queues").items()) {
    std::cout << "  " << name << ": " << stage.value("queued", 0) << " waiting, " << stage.value("leased", 0)
              << " running, " << stage.value("quarantined", 0) << " in quarantine\n";
  }
  for (const auto& refusal : status.at("refusals")) {
    std::cout << "  refused " << refusal.value("count", 0) << ": " << refusal.value("code", "") << " - " << refusal.value("sentence", "") << "\n";
  }
}

json status_from(HttpClient& client) {
  return answer_in_json(client.get("/api/status"), "asking for the status");
}

bool idle(const json& status) {
  return std::ranges::all_of(status.at("queues"), [](const json& stage) { return stage.value("queued", 0) + stage.value("leased", 0) == 0; });
}

struct StatusOptions {
  std::string url = "http://127.0.0.1:8080";
  bool watch = false;
  bool wait = false;
  bool as_json = false;
};

void run_status(const StatusOptions& options) {
  HttpClient client{options.url, ""};
  auto status = status_from(client);
  while (options.wait && !idle(status)) {
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
    status = status_from(client);
  }
  while (true) {
    if (options.watch) std::cout << "\033[H\033[2J";
    if (options.as_json) std::cout << status.dump() << "\n";
    if (!options.as_json) print_status(status);
    std::cout << std::flush;
    if (!options.watch) return;
    std::this_thread::sleep_for(std::chrono::seconds{1});
    status = status_from(client);
  }
}

}  // namespace

void add_status_command(CLI::App& app, int& code) {
  auto* command = app.add_subcommand("status", "What is there, what waits, what was refused");
  const auto options = std::make_shared<StatusOptions>();
  command->add_option("--to", options->url, "address of the server")->envname("CAIRN_URL")->capture_default_str();
  command->add_flag("--watch", options->watch, "again every second, until interrupted");
  command->add_flag("--wait", options->wait, "first wait until nothing is queued or running");
  command->add_flag("--json", options->as_json, "print JSON");
  command->footer("Examples:\n  cairn status\n  cairn status --json | jq .totals");
  command->callback([options, &code] {
    run_status(*options);
    code = 0;
  });
}

}  // namespace cairn::cli
