#pragma once
// The bytes of an upload that comes in pieces, in a file of their own until they are whole.

#include "core/bytes.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace cairn::gateway {

/// Opened for adding. One writer at a time, over all processes: a lock (flock) that ends with its holder.
class PartialFile {
 public:
  /// Makes the file where there is none. Nothing when somebody else is writing to it. Throws std::system_error when the disk refuses.
  static std::optional<PartialFile> open(const std::filesystem::path& path);
  PartialFile(PartialFile&& other) noexcept;
  PartialFile& operator=(PartialFile&&) = delete;
  ~PartialFile();

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t size() const { return size_; }
  void add(ByteView bytes);
  /// Makes all that was added durable.
  void sync();
  /// Makes the file's name durable: once, when it is new.
  void sync_name();
  /// Adds the bytes of another file.
  void add_file(const std::filesystem::path& other);
  /// Gone, with its bytes.
  void remove();

 private:
  PartialFile(std::filesystem::path path, int handle, std::uint64_t size);
  std::filesystem::path path_;
  int handle_;
  std::uint64_t size_;
};

/// How many bytes are there and durable: they are synced before they are counted, so that no crash can take back what a client
/// was told. 0 when there is no such file.
std::uint64_t durable_size(const std::filesystem::path& path);

}  // namespace cairn::gateway
