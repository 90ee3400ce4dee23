#pragma once
// The archives that are served, by name.

#include "tiler/archive/reader.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::archives {

/// A file as it was when it was opened.
struct Shelved {
  std::string name;                            ///< the file's, without its ending
  std::filesystem::path path;
  std::string version;                         ///< changes with the file: device, inode, size and time of change, hashed
  std::uint64_t size = 0;
  std::uint64_t number = 0;                    ///< of all that were ever opened: none is given twice
  std::unique_ptr<tiler::OpenArchive> archive;
};
using SharedArchive = std::shared_ptr<const Shelved>;

/// Safe for several threads. What was found stays open until nobody holds it.
class ArchiveShelf {
 public:
  /// Throws std::runtime_error with the path when a file can't be served, or two have one name.
  explicit ArchiveShelf(const std::vector<std::filesystem::path>& files);

  SharedArchive find(std::string_view name) const;
  std::vector<SharedArchive> all() const;
  /// Opens those anew whose file was replaced since. One that can't be opened stays as it was; the log says why, once.
  void look();

 private:
  SharedArchive opened(const std::filesystem::path& path);

  mutable std::mutex mutex_;
  std::vector<SharedArchive> archives_;
  std::vector<std::string> refused_;           ///< versions that could not be opened
  std::uint64_t opened_ = 0;
};

}  // namespace cairn::archives
