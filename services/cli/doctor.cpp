#include "core/id.hpp"
#include "core/sha256.hpp"
#include "services/cli/commands.hpp"
#include "services/settings/main_of_process.hpp"
#include "services/store/database.hpp"
#include "services/store/jobs.hpp"
#include "vision/detector.hpp"
#include "vision/model_list.hpp"

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

namespace cairn::cli {
namespace {

namespace fs = std::filesystem;
using services::Settings;

struct Finding {
  std::string what;
  bool good = true;
  std::string detail;   ///< what was found, or what to do
};

/// A check that throws has found something: its sentence is the finding.
Finding checked(const std::string& what, const std::function<std::string()>& check) {
  try {
    return {what, true, check()};
  } catch (const std::exception& error) {
    return {what, false, error.what()};
  }
}

std::string text_of_file(const fs::path& file) {
  std::ifstream stream{file, std::ios::binary};
  if (!stream) throw std::runtime_error{"can't read " + file.string() + ": install Cairn whole, or set worker.models"};
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string check_programs() {
  const auto folder = fs::read_symlink("/proc/self/exe").parent_path();
  for (const auto* name : {"cairn-gateway", "cairn-coordinator", "cairn-worker", "cairn-rewarder"}) {
    if (::access((folder / name).c_str(), X_OK) != 0) throw std::runtime_error{(folder / name).string() + " is missing: build or install all of Cairn"};
  }
  return "all in " + folder.string();
}

std::string check_models(const Settings& settings) {
  const auto file = settings.models_file();
  int count = 0;
  for (const auto& model : vision::models_from_yaml(text_of_file(file), file.parent_path().string())) {
    if (sha256_of(text_of_file(model.path)).hex() != model.sha256) {
      throw std::runtime_error{model.path + " is not the model that " + file.string() + " names: fetch it again"};
    }
    ++count;
  }
  return std::to_string(count) + " model(s), digests right";
}

std::string check_cascade() {
  vision::make_face_cascade();
  return "there";
}

/// The folder, or where it is to be made.
fs::path nearest_there(fs::path folder) {
  while (!fs::exists(folder) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

std::string check_disk(const Settings& settings) {
  const auto folder = nearest_there(settings.blob_folder());
  const auto probe = folder / (".cairn-doctor-" + Uuid::random().text());
  std::ofstream{probe} << "cairn doctor was here\n" << std::flush;
  if (std::error_code error; !fs::remove(probe, error)) throw std::runtime_error{"can't write to " + folder.string() + ": give this user the right to, or set data.dir"};
  const auto free_gb = static_cast<double>(fs::space(folder).available) / 1e9;
  if (free_gb < 1) throw std::runtime_error{"less than 1 GB is free in " + folder.string() + ": make room"};
  return folder.string() + " is writable, " + std::to_string(static_cast<int>(free_gb)) + " GB free";
}

std::string check_catalogue(const Settings& settings) {
  constexpr std::string_view kFile{"sqlite://"};
  const auto url = settings.database_url();
  if (url.starts_with(kFile) && !fs::exists(url.substr(kFile.size()))) return "not there yet: the first start makes it";
  store::Session session{{url}};
  const int version = store::version_of(session), newest = store::newest_version();
  const auto text = "version " + std::to_string(version);
  if (version > newest) throw std::runtime_error{text + " is newer than this program's " + std::to_string(newest) + ": install a newer Cairn"};
  if (version < newest) return text + "; the next start brings it to " + std::to_string(newest);
  int kept = 0;
  for (const auto& depth : store::queue_depths(session)) kept += depth.quarantined;
  if (kept > 0) throw std::runtime_error{std::to_string(kept) + " job(s) in quarantine: see `cairn jobs list`"};
  return text;
}

std::string check_clock() {
  // Cairn was written in 2026: an earlier clock is wrong, and would refuse good uploads as being from the future.
  if (services::now_utc() < UtcTime{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}}) {
    throw std::runtime_error{"it says " + to_iso8601(services::now_utc()) + ": set it (timedatectl set-ntp true)"};
  }
  return to_iso8601(services::now_utc());
}

int run_doctor(const Settings& settings, bool as_json) {
  const std::vector findings{
      checked("programs", check_programs),
      checked("models", [&] { return check_models(settings); }),
      checked("face cascade", check_cascade),
      checked("disk", [&] { return check_disk(settings); }),
      checked("catalogue", [&] { return check_catalogue(settings); }),
      checked("clock", check_clock),
      checked("map page", [&]() -> std::string {
        const auto folder = settings.web_folder();
        if (!fs::exists(folder / "index.html")) throw std::runtime_error{"not built: run scripts/build-web (everything else works without)"};
        return folder.string();
      }),
  };
  bool all_good = true;
  auto list = nlohmann::json::array();
  for (const auto& finding : findings) {
    all_good = all_good && finding.good;
    list.push_back({{"what", finding.what}, {"good", finding.good}, {"detail", finding.detail}});
    if (!as_json) std::cout << (finding.good ? "  good  " : "  BAD   ") << finding.what << ": " << finding.detail << "\n";
  }
  if (as_json) std::cout << list.dump(2) << "\n";
  return all_good ? 0 : 1;
}

}  // namespace

void add_doctor_command(CLI::App& app, int& code) {
  auto* command = app.add_subcommand("doctor", "Check programs, models, disk, catalogue and clock, change nothing, and say what to do");
  const auto settings = std::make_shared<Settings>();
  const auto as_json = std::make_shared<bool>(false);
  services::add_settings_flags(*command, *settings);
  command->add_flag("--json", *as_json, "print JSON");
  command->footer("Exit code: 0 all good, 1 something to do.\nExample:\n  cairn doctor --data cairn-data");
  command->callback([=, &code] { code = run_doctor(*settings, *as_json); });
}

}  // namespace cairn::cli
