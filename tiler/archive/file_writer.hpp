#pragma once
// Files that appear whole or not at all.

#include "core/bytes.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace cairn::tiler {

/// A path beside a target, free for this process; whatever lies there is removed at the end.
class TemporaryPath {
 public:
  /// Throws std::runtime_error when the folder can't be written to.
  explicit TemporaryPath(const std::filesystem::path& target, const std::string& purpose);
  ~TemporaryPath();
  TemporaryPath(const TemporaryPath&) = delete;
  TemporaryPath& operator=(const TemporaryPath&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Gives the file its real name, durably: its bytes first. Throws std::runtime_error when the disk refuses.
  void publish_as(const std::filesystem::path& target);

 private:
  std::filesystem::path path_;
};

/// A file that is appended to, and read back by position. Every failure of the disk throws std::runtime_error with the path.
class AppendFile {
 public:
  explicit AppendFile(std::filesystem::path path);
  ~AppendFile();
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;

  void append(ByteView bytes);
  /// Only what was appended may be asked for.
  Bytes read(std::uint64_t offset, std::size_t size);
  std::uint64_t size() const { return written_ + waiting_.size(); }
  /// Hands everything to the system.
  void flush();

 private:
  [[noreturn]] void fail(const char* verb) const;

  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t written_ = 0;
  Bytes waiting_;
};

}  // namespace cairn::tiler
