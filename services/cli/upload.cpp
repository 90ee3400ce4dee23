#include "services/cli/upload.hpp"

#include "services/cli/commands.hpp"
#include "services/cli/upload_patience.hpp"

#include <csignal>
#include <memory>

namespace cairn::cli {
namespace {

std::atomic<bool> watch_ended{false};

/// The first signal lets what is under way come to its end; a second one doesn't wait.
void stop_watching(int signal) {
  watch_ended = true;
  std::signal(signal, SIG_DFL);
}

struct Command {
  UploadOptions options;
  std::vector<std::filesystem::path> watched;
  double every_s = 5;
  std::string rate;
  bool no_wait = false;
  bool fresh = false;
  bool dry = false;
};

UploadCode run(Command& command) {
  auto& options = command.options;
  options.wait = !command.no_wait;
  options.resume = !command.fresh;
  if (const auto rate = rate_from(command.rate)) options.rate = *rate;
  if (options.paths.empty() == command.watched.empty()) throw CLI::ValidationError{"name either files and folders to send, or --watch and a folder"};
  if (command.watched.empty()) {
    auto files = files_to_send(options.paths);
    return command.dry ? run_dry(options, files) : run_upload(options, std::move(files));
  }
  if (command.dry) throw CLI::ValidationError{"--dry-run looks once: name the folder without --watch"};
  options.paths = command.watched;
  std::signal(SIGINT, stop_watching);
  std::signal(SIGTERM, stop_watching);
  return run_watch(options, command.every_s, watch_ended);
}

std::string rate_problem(const std::string& text) {
  return rate_from(text) ? "" : "must be bytes a second, such as 800k, 2M or 1.5M";
}

}  // namespace

void add_upload_command(CLI::App& app, int& code) {
  auto* sub = app.add_subcommand("upload", "Send pictures, videos and tracks, and wait for what becomes of them");
  const auto command = std::make_shared<Command>();
  auto& options = command->options;
  sub->add_option("paths", options.paths, "files and folders");
  sub->add_option("--to", options.url, "address of the server")->envname("CAIRN_URL")->capture_default_str();
  sub->add_option("--token", options.token, "token with the scope upload")->envname("CAIRN_TOKEN");
  sub->add_option("--title", options.title, "title of the upload; else the folder's name");
  sub->add_option("-j,--jobs", options.jobs, "files under way at once")->check(CLI::Range(1, 64))->capture_default_str();
  sub->add_option("--limit-rate", command->rate, "most bytes a second over all files, such as 800k or 2M")->check(CLI::Validator{rate_problem, "RATE"});
  sub->add_option("--watch", command->watched, "send what appears in this folder, until stopped; for cards and sync folders");
  sub->add_option("--every", command->every_s, "seconds between two looks at watched folders")->check(CLI::Range(0.1, 3600.0))->capture_default_str();
  sub->add_flag("--dry-run", command->dry, "send nothing; say for each file what it would be refused for");
  sub->add_flag("--no-wait", command->no_wait, "do not wait until every file has its verdict");
  sub->add_flag("--fresh", command->fresh, "do not resume an upload of the same files that broke off");
  sub->add_flag("--json", options.json, "print the result as JSON");
  sub->footer("Exit code: 0 all taken, 3 some refused (each with its reason), 1 broke off (run it again to resume),\n"
              "100 and above: the options make no sense.\n"
              "Examples:\n  cairn upload ~/dashcam/2026-05-01\n  cairn upload ride.mp4 ride.gpx --to https://map.example.org --token cairn_…\n"
              "  cairn upload --watch /media/card --limit-rate 2M");
  sub->callback([command, &code] { code = run(*command); });
}

}  // namespace cairn::cli
