#include "services/cli/upload.hpp"

#include "core/sha256.hpp"
#include "services/cli/commands.hpp"
#include "services/cli/http_client.hpp"
#include "services/cli/progress.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <thread>

namespace cairn::cli {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::array kEndings{".jpg", ".jpeg", ".mp4", ".mov", ".gpx", ".360"};

std::string ending_of(const fs::path& file) {
  auto ending = file.extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending;
}

bool is_ours(const fs::path& file) {
  return !file.filename().string().starts_with(".") && std::ranges::find(kEndings, ending_of(file)) != kEndings.end();
}

std::string flat_name(const fs::path& way) {
  auto name = way.string();
  std::ranges::replace(name, '/', '_');
  return name;
}

void make_names_unique(std::vector<FileToSend>& files) {
  std::map<std::string, int> uses;
  for (const auto& file : files) ++uses[file.name];
  for (auto& file : files) {
    if (uses[file.name] > 1) file.name = fs::weakly_canonical(file.path).parent_path().filename().string() + "_" + file.name;
  }
}

/// Where an upload that broke off remembers its set: one small file per server and list of files.
fs::path memory_of(const UploadOptions& options, const std::vector<FileToSend>& files) {
  std::string what = options.url;
  for (const auto& file : files) what += "\n" + fs::absolute(file.path).string();
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  const fs::path base = state ? fs::path{state} : fs::path{home ? home : "/tmp"} / ".local" / "state";
  return base / "cairn" / "uploads" / sha256_of(what).hex().substr(0, 32);
}

json parsed(const HttpAnswer& answer, const std::string& what) {
  auto body = json::parse(answer.body, nullptr, false);
  if (answer.status >= 400 || body.is_discarded()) {
    const auto message = body.is_object() && body.contains("message") ? body["message"].get<std::string>() : answer.body.substr(0, 200);
    throw std::runtime_error{what + ": the server answered " + std::to_string(answer.status) + " " + message};
  }
  return body;
}

/// Tries again with growing pauses while the server can't be reached or asks to be left alone.
HttpAnswer patiently(const std::function<HttpAnswer()>& request) {
  for (auto pause = 500ms;; pause *= 2) {
    try {
      auto answer = request();
      const bool busy = answer.status == 429 || answer.status == 503 || answer.status == 507;
      if (!busy || pause > 30s) return answer;
    } catch (const HttpTrouble&) {
      if (pause > 30s) throw;
    }
    std::this_thread::sleep_for(pause);
  }
}

class Upload {
 public:
  Upload(const UploadOptions& options, std::vector<FileToSend> files)
      : options_{options}, files_{std::move(files)}, memory_{memory_of(options, files_)}, client_{options.url, options.token} {}

  int run() {
    open_set();
    send_all();
    parsed(patiently([&] { return client_.post_json(path_ + "/complete", "{}"); }), "completing the upload");
    std::error_code ignored;
    fs::remove(memory_, ignored);
    const auto status = options_.wait ? wait_for_verdicts() : current_status();
    return report(status);
  }

 private:
  void open_set() {
    if (options_.resume && resume_set()) return;
    const auto title = !options_.title.empty() ? options_.title : default_title();
    const json body{{"title", title}, {"estimated_nb_files", files_.size()}};
    const auto set = parsed(patiently([&] { return client_.post_json("/api/upload_sets", body.dump()); }), "opening the upload");
    remember(set.at("id").get<std::string>());
  }

  std::string default_title() const {
    const auto folder = fs::weakly_canonical(fs::absolute(files_.front().path)).parent_path().filename().string();
    return folder.empty() ? "upload" : folder;
  }

  void remember(const std::string& id) {
    path_ = "/api/upload_sets/" + id;
    fs::create_directories(memory_.parent_path());
    std::ofstream{memory_} << id << "\n";
  }

  bool resume_set() {
    std::ifstream stream{memory_};
    std::string id;
    if (!std::getline(stream, id) || id.empty()) return false;
    const auto answer = patiently([&] { return client_.get("/api/upload_sets/" + id + "/files"); });
    if (answer.status != 200) return false;
    path_ = "/api/upload_sets/" + id;
    const auto body = parsed(answer, "resuming");
    for (const auto& file : body.at("files")) there_.insert(file.at("file_name").get<std::string>());
    std::cerr << "resuming upload " << id << ": " << there_.size() << " of " << files_.size() << " files are there\n";
    return true;
  }

  void send_all() {
    std::uint64_t total = 0;
    for (const auto& file : files_) total += fs::file_size(file.path);
    ProgressBar bar{"uploading", total, static_cast<int>(files_.size())};
    std::uint64_t done = 0;
    int count = 0;
    for (const auto& file : files_) {
      if (!there_.contains(file.name)) {
        send_one(file, [&](std::uint64_t sent) { bar.update(done + sent, count); });
      }
      done += fs::file_size(file.path);
      bar.update(done, ++count);
    }
    bar.finish();
  }

  void send_one(const FileToSend& file, const std::function<void(std::uint64_t)>& progress) {
    const auto answer = patiently([&] { return client_.post_file(path_ + "/files", file.path, file.name, progress); });
    const bool refused = answer.status == 400 || answer.status == 409 || answer.status == 413 || answer.status == 415;
    if (answer.status < 300) return;
    if (!refused) parsed(answer, "sending " + file.name);
    const auto body = json::parse(answer.body, nullptr, false);
    refused_[file.name] = body.is_object() ? body.value("message", answer.body) : answer.body;
  }

  json current_status() { return parsed(patiently([&] { return client_.get(path_ + "/status"); }), "asking for the status"); }

  json wait_for_verdicts() {
    while (true) {
      auto status = current_status();
      if (status.value("ready", false)) return status;
      std::this_thread::sleep_for(250ms);
    }
  }

  int report(const json& status) {
    const auto& files = status.at("files");
    const auto refused_files = std::ranges::count_if(files, [](const json& file) { return file.value("state", "") == "refused"; });
    const auto not_taken = std::ranges::count_if(refused_, [&](const auto& entry) { return !listed(status, entry.first); });
    if (options_.json) {
      auto all = status;
      all["not_taken"] = refused_;
      std::cout << all.dump(2) << "\n";
    } else {
      print(status);
    }
    return refused_files + not_taken == 0 ? 0 : 3;
  }

  void print(const json& status) const {
    for (const auto& file : status.at("files")) print_line(file.value("name", "?"), file);
    for (const auto& [name, why] : refused_) {
      if (!listed(status, name)) std::cout << "  " << name << "  not taken: " << why << "\n";
    }
    int on_the_map = 0;
    int refused = 0;
    for (const auto& frame : status.at("frames")) {
      const auto state = frame.value("state", "");
      if (state == "published") ++on_the_map;
      if (state == "refused") {
        ++refused;
        print_line("frame of " + frame.value("file_name", "?"), frame);
      }
    }
    std::cout << files_.size() << " files; frames: " << on_the_map << " on the map, " << refused << " refused; "
              << status.at("sequences").size() << " sequence(s)\n";
  }

  static bool listed(const json& status, const std::string& name) {
    return std::ranges::any_of(status.at("files"), [&](const json& file) { return file.value("name", "") == name; });
  }

  static void print_line(const std::string& name, const json& what) {
    std::cout << "  " << name << "  " << what.value("state", "?");
    if (what.contains("reason")) std::cout << " (" << what.value("reason", "") << "): " << what.value("sentence", "");
    if (what.value("frames", 0) > 1) std::cout << ", " << what.value("frames", 0) << " frames";
    std::cout << "\n";
  }

  const UploadOptions& options_;
  std::vector<FileToSend> files_;
  fs::path memory_;
  HttpClient client_;
  std::string path_;
  std::set<std::string> there_;
  std::map<std::string, std::string> refused_;
};

}  // namespace

std::vector<FileToSend> files_to_send(const std::vector<fs::path>& paths) {
  std::vector<FileToSend> files;
  for (const auto& path : paths) {
    if (fs::is_directory(path)) {
      for (const auto& entry : fs::recursive_directory_iterator{path, fs::directory_options::skip_permission_denied}) {
        if (entry.is_regular_file() && is_ours(entry.path())) files.push_back({entry.path(), flat_name(fs::relative(entry.path(), path))});
      }
    } else if (fs::exists(path)) {
      files.push_back({path, path.filename().string()});  // named by hand: sent whatever its ending, and judged by the server
    } else {
      throw std::runtime_error{"there is no file or folder " + path.string()};
    }
  }
  make_names_unique(files);
  std::ranges::sort(files, {}, [](const FileToSend& file) { return std::pair{ending_of(file.path) != ".gpx", file.path.string()}; });
  return files;
}

int run_upload(const UploadOptions& options) {
  auto files = files_to_send(options.paths);
  if (files.empty()) throw std::runtime_error{"nothing to send: no JPEG, MP4 or GPX file there"};
  return Upload{options, std::move(files)}.run();
}

void add_upload_command(CLI::App& app, int& code) {
  auto* command = app.add_subcommand("upload", "Send pictures, videos and tracks, and wait for what becomes of them");
  const auto options = std::make_shared<UploadOptions>();
  const auto no_wait = std::make_shared<bool>(false);
  const auto fresh = std::make_shared<bool>(false);
  command->add_option("paths", options->paths, "files and folders")->required();
  command->add_option("--to", options->url, "address of the server")->envname("CAIRN_URL")->capture_default_str();
  command->add_option("--token", options->token, "token with the scope upload")->envname("CAIRN_TOKEN");
  command->add_option("--title", options->title, "title of the upload; else the folder's name");
  command->add_flag("--no-wait", *no_wait, "do not wait until every file has its verdict");
  command->add_flag("--fresh", *fresh, "do not resume an upload of the same files that broke off");
  command->add_flag("--json", options->json, "print the result as JSON");
  command->footer("Exit code: 0 all taken, 3 some refused (each with its reason), 1 broke off (run it again to resume).\n"
                  "Examples:\n  cairn upload ~/dashcam/2026-05-01\n  cairn upload ride.mp4 ride.gpx --to https://map.example.org --token cairn_…");
  command->callback([options, no_wait, fresh, &code] {
    options->wait = !*no_wait;
    options->resume = !*fresh;
    code = run_upload(*options);
  });
}

}  // namespace cairn::cli
