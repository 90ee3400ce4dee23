#pragma once

#include "core/bytes.hpp"
#include "core/sha256.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

namespace cairn::store {

/// private_: what was received, and what only workers read. public_: what the world may see; written by redaction and tiling only.
enum class Namespace { private_, public_ };

/// Content-addressed bytes in a folder: DIR/{private,public}/ab/abcdef…; a blob is immutable once it is there.
class BlobStore {
 public:
  explicit BlobStore(std::filesystem::path folder);
  const std::filesystem::path& folder() const { return folder_; }

  /// Durable when it returns: written beside, fsync'd, renamed, its folder fsync'd. Already there: nothing is written.
  /// Throws std::system_error when the disk refuses (ENOSPC included); nothing partial stays visible.
  Sha256 put(Namespace space, ByteView bytes) const;

  /// Nothing when there is no such blob. Throws when the bytes no longer hash to their name (bit rot): never served.
  std::optional<Bytes> get(Namespace space, const Sha256& name) const;
  bool has(Namespace space, const Sha256& name) const;
  /// Where a blob lies, for reading it in place.
  std::filesystem::path path_of(Namespace space, const Sha256& name) const;

  /// Removes a blob that was put, or put again, longer ago than `grace`.
  enum class Removal { gone, young, none };
  Removal remove(Namespace space, const Sha256& name, std::chrono::seconds grace) const;

  /// Streams a body of unknown length to disk; becomes a blob at commit(), vanishes otherwise.
  class Incoming {
   public:
    Incoming(const BlobStore& store, Namespace space);
    /// The bytes of a file that lies elsewhere and stays there: commit() gives them their name by a link, or by a copy where the
    /// file lies on another disk.
    Incoming(const BlobStore& store, Namespace space, std::filesystem::path file);
    ~Incoming();
    Incoming(Incoming&&) noexcept;
    void add(ByteView bytes);
    std::uint64_t size() const;
    /// Durable when it returns. `name` is the digest of all bytes: whoever adds them hashes them, once.
    void commit(const Sha256& name);
    /// The bytes so far, for looking at them before commit.
    std::filesystem::path path() const;

   private:
    struct State;
    std::unique_ptr<State> state_;
  };

  /// Deletes blobs older than `grace` that `is_wanted` does not know, and abandoned partial files. Gives how many went.
  std::size_t sweep(Namespace space, std::chrono::seconds grace, const std::function<bool(const Sha256&)>& is_wanted) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace cairn::store
