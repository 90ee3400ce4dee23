#pragma once
// The bytes of an upload that comes in pieces, in a file of their own until they are whole.

#include "core/bytes.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

namespace cairn::gateway {

/// Opened for adding. One writer at a time, over all processes: a lock (flock) that ends with its holder.
///
/// A holder that only waits for bytes may yield. Its connection may be half open, and its sender come back over another one long
/// before that shows: the newcomer takes the file over at once, and the old holder adds nothing more.
class PartialFile {
 public:
  /// Makes the file where there is none. Nothing when somebody else is writing to it. Throws std::system_error when the disk refuses.
  static std::optional<PartialFile> open(const std::filesystem::path& path);
  /// The same, but takes the file from a holder in this process that yields.
  static std::optional<PartialFile> take(const std::filesystem::path& path);
  PartialFile(PartialFile&& other) noexcept = default;
  PartialFile& operator=(PartialFile&&) = delete;
  ~PartialFile();

  const std::filesystem::path& path() const { return path_; }
  /// With what was added here.
  std::uint64_t size() const;
  /// From now on others may take the file, until hold().
  void yield();
  /// Nobody takes it any more; false when somebody has.
  bool hold();
  /// False when somebody else has taken the file: nothing was added.
  bool add(ByteView bytes);
  /// Makes all that was added durable.
  void sync();
  /// Makes the file's name durable: once, when it is new.
  void sync_name();
  /// Adds the bytes of another file; false as add().
  bool add_file(const std::filesystem::path& other);
  /// Gone, with its bytes, unless somebody else has taken it.
  void remove();

 private:
  struct State;
  PartialFile(std::filesystem::path path, int handle);
  std::filesystem::path path_;
  std::shared_ptr<State> state_;  ///< shared with the table of open files, where a newcomer finds it
};

/// How many bytes are there and durable: they are synced before they are counted, so that no crash can take back what a client
/// was told. 0 when there is no such file.
std::uint64_t durable_size(const std::filesystem::path& path);

}  // namespace cairn::gateway
