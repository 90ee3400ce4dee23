#include "services/archives/archive_shelf.hpp"

#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace cairn::archives {
namespace {

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

}  // namespace

ArchiveShelf::ArchiveShelf(const std::vector<std::filesystem::path>& files) {
  for (const auto& file : files) {
    auto archive = opened(file);
    if (find(archive->name)) throw std::runtime_error{file.string() + ": another file is served as '" + archive->name + "' already: rename one"};
    archives_.push_back(std::move(archive));
  }
}

SharedArchive ArchiveShelf::opened(const std::filesystem::path& path) {
  auto shelved = std::make_shared<Shelved>();
  // Looked at before it is opened: a file that comes in between is found to be another one a second later.
  if (const auto state = state_of(path)) {
    shelved->version = state->version;
    shelved->size = state->size;
  }
  shelved->name = path.stem().string();
  shelved->path = path;
  shelved->number = ++opened_;
  shelved->archive = tiler::open_archive(path);
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

void ArchiveShelf::look() {
  for (const auto& before : all()) {
    const auto state = state_of(before->path);
    if (!state || state->version == before->version || std::ranges::count(refused_, state->version) > 0) continue;
    try {
      auto archive = opened(before->path);
      spdlog::info("{} was replaced and is opened anew", before->path.string());
      const std::lock_guard lock{mutex_};
      std::ranges::replace(archives_, before, archive);
    } catch (const std::runtime_error& error) {
      refused_.push_back(state->version);
      spdlog::warn("{}: what was open before is served on", error.what());
    }
  }
}

}  // namespace cairn::archives
