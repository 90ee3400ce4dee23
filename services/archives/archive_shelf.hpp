#pragma once
// The archives that are served, by name.

#include "tiler/archive/reader.hpp"

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
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

/// Safe for several threads, but for look() and follow(). What was found stays open until nobody holds it.
class ArchiveShelf {
 public:
  /// Throws std::runtime_error with the path when a file can't be served, or two have one name.
  explicit ArchiveShelf(const std::vector<std::filesystem::path>& files);
  /// Every FILE.pmtiles and FILE.mbtiles of a folder, as they come and go; there need be no folder. Left out, and told in the log, is
  /// one that can't be served, or whose name is another file's or `is_taken`.
  ArchiveShelf(std::filesystem::path folder, std::function<bool(std::string_view)> is_taken);

  SharedArchive find(std::string_view name) const;
  /// By name.
  std::vector<SharedArchive> all() const;
  /// Opens what came or was replaced, once it is the same at two looks: a file that is being copied isn't whole. One that can't be opened
  /// stays as it was; the log says why, once. What is gone from the folder is served no more.
  void look();
  /// Looks once a second from now on: a map follows its archive about as quickly as a person switches windows.
  void follow();

 private:
  struct Place {
    std::string seen;                          ///< the file's version at the last look
    std::string judged;                        ///< the version that was opened or refused last
    SharedArchive archive;                     ///< none: refused
  };
  SharedArchive opened(const std::filesystem::path& path);
  bool look_at(const std::filesystem::path& path);
  bool take_down_missing(const std::vector<std::filesystem::path>& present);
  std::vector<std::filesystem::path> paths() const;
  void publish();

  std::filesystem::path folder_;               ///< empty: the files of the beginning and no others
  std::function<bool(std::string_view)> is_taken_ = [](std::string_view) { return false; };
  std::map<std::filesystem::path, Place> places_;
  std::uint64_t opened_ = 0;
  mutable std::mutex mutex_;                   ///< for what follows
  std::vector<SharedArchive> archives_;
  std::condition_variable_any pause_;
  std::jthread following_;                     ///< last: it uses the others
};

}  // namespace cairn::archives
