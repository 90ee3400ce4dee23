#pragma once

#include "core/time.hpp"
#include "services/store/blobs.hpp"
#include "services/store/database.hpp"

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>

namespace cairn::gateway {

/// Deletes private blobs that no row names and that are older than `grace`: what a crash between blob and row leaves behind.
/// Gives how many went. Safe beside uploads: these make their blob young before their row.
std::size_t sweep_orphaned_blobs(store::Session& catalogue, const store::BlobStore& blobs, std::chrono::seconds grace);

/// How long what nobody needs is kept. Zero: for ever.
struct KeepingTimes {
  std::chrono::seconds orphans{0};
  std::chrono::days changes{0};      ///< events of the feed
};

/// A thread that does this, removes the files of deleted pictures, of replaced tiles and of expired uploads, forgets old changes and finishes
/// erasures, when it begins and then once per hour.
class Housekeeping {
 public:
  Housekeeping(store::DatabaseUrl url, store::BlobStore blobs, std::filesystem::path incoming, KeepingTimes times, std::function<UtcTime()> clock);

 private:
  void run(std::stop_token stop);
  std::size_t remove_deleted(store::Session& catalogue, const std::stop_token& stop) const;
  void forget_old_changes(store::Session& catalogue, const std::stop_token& stop) const;

  store::DatabaseUrl url_;
  store::BlobStore blobs_;
  std::filesystem::path incoming_;
  KeepingTimes times_;
  std::function<UtcTime()> clock_;
  std::mutex mutex_;
  std::condition_variable_any pause_;
  std::jthread thread_;
};

}  // namespace cairn::gateway
