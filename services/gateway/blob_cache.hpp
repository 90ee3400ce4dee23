#pragma once

#include "core/sha256.hpp"
#include "services/gateway/http/http.hpp"
#include "services/store/blobs.hpp"

#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <set>

namespace cairn::gateway {

/// Small public blobs (tiles, thumbnails) kept in memory, least recently used out first. Safe for several threads.
class BlobCache {
 public:
  explicit BlobCache(std::size_t most_bytes) : most_bytes_{most_bytes} {}
  /// The blob's bytes, checked against its name when they were read; nothing when there is no such blob. Of several threads that want
  /// one blob at the same time one reads it, and the others wait for that.
  SharedBytes get(const store::BlobStore& blobs, const Sha256& name);

  /// What is kept under a name, or nothing; and to keep what is no blob but made of one.
  SharedBytes known(const Sha256& name);
  void keep(const Sha256& name, const SharedBytes& bytes);

 private:
  class Reading;
  struct Entry {
    SharedBytes bytes;
    std::list<Sha256>::iterator turn;
  };

  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::mutex mutex_;
  std::map<Sha256, Entry> entries_;
  std::list<Sha256> turns_;   ///< most recently used first
  std::set<Sha256> on_the_way_;
  std::condition_variable arrived_;
};

}  // namespace cairn::gateway
