#include "services/archives/archive_shelf.hpp"

#include "services/gateway/http/text.hpp"

#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace cairn::archives {
namespace {

constexpr std::ptrdiff_t kMost = 1000;  // each keeps a file open

struct FileState {
  std::string version;
  std::uint64_t size = 0;
};

/// Nothing when there is no such file now.
std::optional<FileState> state_of(const std::filesystem::path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  const std::array<std::uint64_t, 5> words{static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino), static_cast<std::uint64_t>(status.st_size),
                                           static_cast<std::uint64_t>(status.st_mtim.tv_sec), static_cast<std::uint64_t>(status.st_mtim.tv_nsec)};
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(XXH3_64bits(words.data(), sizeof words)));
  return FileState{text.data(), static_cast<std::uint64_t>(status.st_size)};
}

/// In order; hidden files are those that a program is about to rename.
std::vector<std::filesystem::path> archives_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (std::filesystem::directory_iterator entry{folder, error}, end; !error && entry != end; entry.increment(error)) {
    const auto& path = entry->path();
    const bool is_archive = path.extension() == ".pmtiles" || path.extension() == ".mbtiles";
    if (is_archive && !path.filename().string().starts_with('.')) files.push_back(path);
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

ArchiveShelf::ArchiveShelf(const std::vector<std::filesystem::path>& files) {
  for (const auto& file : files) {
    auto archive = opened(file);
    const auto version = archive->version;
    places_[file] = {version, version, std::move(archive)};
  }
  publish();
}

ArchiveShelf::ArchiveShelf(std::filesystem::path folder, std::function<bool(std::string_view)> is_taken) : folder_{std::move(folder)}, is_taken_{std::move(is_taken)} {
  for (int looks = 0; looks < 2; ++looks) look();  // what lies there at the start is there at once
}

/// Looked at before it is opened: a file that comes in between is found to be another one a second later.
SharedArchive ArchiveShelf::opened(const std::filesystem::path& path) {
  const auto refuse = [&path](const std::string& why) { throw std::runtime_error{path.string() + ": " + why}; };
  auto shelved = std::make_shared<Shelved>();
  shelved->name = path.stem().string();
  shelved->path = path;
  const auto has_name = [&](const auto& place) { return place.first != path && place.second.archive && place.second.archive->name == shelved->name; };
  if (!gateway::is_plain_text(shelved->name)) refuse("its name is no text: rename it");
  if (is_taken_(shelved->name)) refuse("'" + shelved->name + "' is a tile set or collection of this map: rename the file");
  if (std::ranges::any_of(places_, has_name)) refuse("another file is served as '" + shelved->name + "' already: rename one");
  if (std::ranges::count_if(places_, [](const auto& place) { return place.second.archive != nullptr; }) > kMost) refuse("more than " + std::to_string(kMost) + " archives are served already");
  if (const auto state = state_of(path)) {
    shelved->version = state->version;
    shelved->size = state->size;
  }
  shelved->archive = tiler::open_archive(path);
  shelved->number = ++opened_;
  return shelved;
}

SharedArchive ArchiveShelf::find(std::string_view name) const {
  const std::lock_guard lock{mutex_};
  const auto found = std::ranges::find(archives_, name, [](const SharedArchive& archive) -> std::string_view { return archive->name; });
  return found == archives_.end() ? nullptr : *found;
}

std::vector<SharedArchive> ArchiveShelf::all() const {
  const std::lock_guard lock{mutex_};
  return archives_;
}

std::vector<std::filesystem::path> ArchiveShelf::paths() const {
  if (!folder_.empty()) return archives_in(folder_);
  std::vector<std::filesystem::path> paths;
  for (const auto& [path, place] : places_) paths.push_back(path);
  return paths;
}

void ArchiveShelf::look() {
  const auto present = paths();
  bool changed = take_down_missing(present);
  for (const auto& path : present) changed |= look_at(path);
  if (changed) publish();
}

/// What was refused for a name that is free now gets another chance.
bool ArchiveShelf::take_down_missing(const std::vector<std::filesystem::path>& present) {
  const auto taken_down = std::erase_if(places_, [&present](const auto& place) { return !std::ranges::binary_search(present, place.first); });
  if (taken_down == 0) return false;
  for (auto& [path, place] : places_) {
    if (!place.archive) place.judged.clear();
  }
  return true;
}

bool ArchiveShelf::look_at(const std::filesystem::path& path) {
  const auto state = state_of(path);
  auto& place = places_[path];
  if (!state || state->version == place.judged || std::exchange(place.seen, state->version) != state->version) return false;
  place.judged = state->version;
  try {
    place.archive = opened(path);
    spdlog::info("{} is served at /tiles/{}", path.string(), place.archive->name);
    return true;
  } catch (const std::exception& error) {
    spdlog::warn("{}: {}", error.what(), place.archive ? "what was open before is served on" : "it is not served");
    return false;
  }
}

void ArchiveShelf::publish() {
  std::vector<SharedArchive> archives;
  for (const auto& [path, place] : places_) {
    if (place.archive) archives.push_back(place.archive);
  }
  std::ranges::sort(archives, {}, &Shelved::name);
  const std::lock_guard lock{mutex_};
  archives_.swap(archives);
}

void ArchiveShelf::follow() {
  following_ = std::jthread{[this](std::stop_token stop) {
    while (!stop.stop_requested()) {
      look();
      std::unique_lock lock{mutex_};
      pause_.wait_for(lock, stop, std::chrono::seconds{1}, [] { return false; });
    }
  }};
}

}  // namespace cairn::archives
