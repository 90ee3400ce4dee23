// `cairn upload --watch`: looks instead of listening for events, because network folders and cards tell nobody when they change.

#include "services/cli/upload.hpp"
#include "services/cli/upload_journal.hpp"

#include "core/sha256.hpp"

#include <fstream>
#include <iostream>
#include <set>
#include <thread>

namespace cairn::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLooks = 20;  // a folder that never gets quiet is sent as far as it is

class Watch {
 public:
  explicit Watch(const UploadOptions& options) : options_{options}, path_{memory_of(options)} {
    std::ifstream stream{path_};
    for (std::string fingerprint; stream >> fingerprint;) sent_.insert(fingerprint);
    options_.wait = false;
  }

  /// Looks once; sends when what is new has stopped growing.
  UploadCode look() {
    std::vector<FileToSend> settled;
    std::set<std::string> seen;
    std::size_t fresh = 0;
    for (const auto& file : files_to_send(options_.paths)) {
      const auto fingerprint = fingerprint_of(file.path);
      if (sent_.contains(fingerprint)) continue;
      seen.insert(fingerprint);
      if (!seen_before_.contains(fingerprint)) ++fresh;
      else settled.push_back(file);
    }
    seen_before_ = std::move(seen);
    if (fresh > 0) std::cerr << fresh << " new or growing file(s): waiting until they stay as they are\n";
    const bool is_time = !settled.empty() && (fresh == 0 || ++looks_ >= kMostLooks);
    return is_time ? send(std::move(settled)) : all_taken;
  }

 private:
  static fs::path memory_of(const UploadOptions& options) {
    std::string what = options.url;
    for (const auto& path : options.paths) what += "\n" + fs::absolute(path).string();
    return state_folder() / "watched" / sha256_of(what).hex().substr(0, 32);
  }

  UploadCode send(std::vector<FileToSend> files) {
    looks_ = 0;
    std::vector<std::string> fingerprints;
    for (const auto& file : files) fingerprints.push_back(fingerprint_of(file.path));
    std::cerr << "sending " << files.size() << " file(s)\n";
    const auto code = run_upload(options_, std::move(files));
    fs::create_directories(path_.parent_path());
    std::ofstream memory{path_, std::ios::app};
    for (const auto& fingerprint : fingerprints) {
      memory << fingerprint << "\n";
      sent_.insert(fingerprint);
    }
    return code;
  }

  UploadOptions options_;
  fs::path path_;
  std::set<std::string> sent_;
  std::set<std::string> seen_before_;
  int looks_ = 0;
};

void rest(double seconds, const std::atomic<bool>& stop) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (!stop && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds{50});
}

}  // namespace

UploadCode run_watch(const UploadOptions& options, double every_s, const std::atomic<bool>& stop) {
  Watch watch{options};
  std::cerr << "watching " << options.paths.front().string() << (options.paths.size() > 1 ? " and others" : "") << ", every " << every_s << " s; ends with Ctrl-C\n";
  auto worst = all_taken;
  std::string trouble;
  while (!stop) {
    try {
      worst = std::max(worst, watch.look());
      trouble.clear();
    } catch (const std::exception& error) {  // the card is out, the server is away: it comes back
      if (trouble != error.what()) std::cerr << error.what() << "; looking again every " << every_s << " s\n";
      trouble = error.what();
    }
    rest(every_s, stop);
  }
  return worst;
}

}  // namespace cairn::cli
