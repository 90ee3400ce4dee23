#include "services/gateway/blob_cache.hpp"

namespace cairn::gateway {
namespace {
constexpr std::size_t kLargestKept = 512 * 1024;  // the limit of a tile; pictures above it come from the page cache
}

/// The one who reads a blob; waits while another does.
class BlobCache::Reading {
 public:
  Reading(BlobCache& cache, const Sha256& name) : cache_{cache}, name_{name} {
    std::unique_lock lock{cache_.mutex_};
    cache_.arrived_.wait(lock, [&] { return !cache_.on_the_way_.contains(name_); });
    cache_.on_the_way_.insert(name_);
  }
  ~Reading() {
    const std::lock_guard lock{cache_.mutex_};
    cache_.on_the_way_.erase(name_);
    cache_.arrived_.notify_all();
  }
  Reading(const Reading&) = delete;

 private:
  BlobCache& cache_;
  Sha256 name_;
};

SharedBytes BlobCache::get(const store::BlobStore& blobs, const Sha256& name) {
  if (auto bytes = known(name)) return bytes;
  const Reading reading{*this, name};
  if (auto bytes = known(name)) return bytes;  // by whom we waited for
  auto read = blobs.get(store::Namespace::public_, name);
  if (!read) return nullptr;
  auto bytes = std::make_shared<const Bytes>(std::move(*read));
  if (bytes->size() <= kLargestKept) keep(name, bytes);
  return bytes;
}

SharedBytes BlobCache::known(const Sha256& name) {
  const std::lock_guard lock{mutex_};
  const auto found = entries_.find(name);
  if (found == entries_.end()) return nullptr;
  turns_.splice(turns_.begin(), turns_, found->second.turn);
  return found->second.bytes;
}

void BlobCache::keep(const Sha256& name, const SharedBytes& bytes) {
  const std::lock_guard lock{mutex_};
  if (entries_.contains(name)) return;
  turns_.push_front(name);
  entries_[name] = {bytes, turns_.begin()};
  bytes_ += bytes->size();
  while (bytes_ > most_bytes_ && turns_.size() > 1) {
    const auto oldest = entries_.find(turns_.back());
    bytes_ -= oldest->second.bytes->size();
    entries_.erase(oldest);
    turns_.pop_back();
  }
}

}  // namespace cairn::gateway
