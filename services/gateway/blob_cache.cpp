#include "services/gateway/blob_cache.hpp"

namespace cairn::gateway {
namespace {
constexpr std::size_t kLargestKept = 512 * 1024;  // the limit of a tile; pictures above it come from the page cache
}

SharedBytes BlobCache::get(const store::BlobStore& blobs, const Sha256& name) {
  if (auto bytes = known(name)) return bytes;
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
