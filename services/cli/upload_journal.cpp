#include "services/cli/upload_journal.hpp"

#include "core/sha256.hpp"

#include <cstdlib>
#include <fstream>

namespace cairn::cli {
namespace {

namespace fs = std::filesystem;

fs::path journal_path(const UploadOptions& options, const std::vector<FileToSend>& files) {
  std::string what = options.url;
  for (const auto& file : files) what += "\n" + fs::absolute(file.path).string();
  return state_folder() / "uploads" / sha256_of(what).hex().substr(0, 32);
}

}  // namespace

fs::path state_folder() {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  return (state ? fs::path{state} : fs::path{home ? home : "/tmp"} / ".local" / "state") / "cairn";
}

std::string fingerprint_of(const fs::path& file) {
  const auto time = fs::last_write_time(file).time_since_epoch().count();
  return sha256_of(fs::absolute(file).string() + "\n" + std::to_string(fs::file_size(file)) + "\n" + std::to_string(time)).hex().substr(0, 32);
}

UploadJournal::UploadJournal(const UploadOptions& options, const std::vector<FileToSend>& files) : path_{journal_path(options, files)} {
  std::ifstream stream{path_};
  std::string set;
  if (!options.resume || !std::getline(stream, set) || set.empty()) return;
  set_ = set;
  for (std::string fingerprint, address; stream >> fingerprint >> address;) addresses_[fingerprint] = address;
}

void UploadJournal::begin(const std::string& set) {
  set_ = set;
  addresses_.clear();
  fs::create_directories(path_.parent_path());
  std::ofstream{path_} << set << "\n";
}

std::optional<std::string> UploadJournal::address_of(const fs::path& file) const {
  const std::lock_guard lock{mutex_};
  const auto found = addresses_.find(fingerprint_of(file));
  return found == addresses_.end() ? std::nullopt : std::optional{found->second};
}

void UploadJournal::note(const fs::path& file, const std::string& address) {
  const std::lock_guard lock{mutex_};
  const auto fingerprint = fingerprint_of(file);
  addresses_[fingerprint] = address;
  std::ofstream{path_, std::ios::app} << fingerprint << " " << address << "\n";
}

void UploadJournal::forget() {
  std::error_code ignored;
  fs::remove(path_, ignored);
}

}  // namespace cairn::cli
