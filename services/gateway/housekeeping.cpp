#include "services/gateway/housekeeping.hpp"

#include "services/changes/dropped_blobs.hpp"
#include "services/store/uploads.hpp"

#include <spdlog/spdlog.h>

namespace cairn::gateway {

std::size_t sweep_orphaned_blobs(store::Session& catalogue, const store::BlobStore& blobs, std::chrono::seconds grace) {
  return blobs.sweep(store::Namespace::private_, grace, [&](const Sha256& blob) { return store::private_blob_is_wanted(catalogue, blob); });
}

Housekeeping::Housekeeping(store::DatabaseUrl url, store::BlobStore blobs, std::chrono::seconds grace, std::function<UtcTime()> clock)
    : url_{std::move(url)}, blobs_{std::move(blobs)}, grace_{grace}, clock_{std::move(clock)}, thread_{[this](std::stop_token stop) { run(stop); }} {}

void Housekeeping::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    try {
      store::Session catalogue{url_};
      // What somebody wants gone goes first.
      const auto deleted = changes::remove_dropped_blobs(catalogue, blobs_, clock_());
      if (deleted > 0) spdlog::info("removed {} file(s) of deleted pictures", deleted);
      const auto orphans = grace_ > std::chrono::seconds{0} ? sweep_orphaned_blobs(catalogue, blobs_, grace_) : 0;
      if (orphans > 0) spdlog::info("{} file(s) that no row names were swept", orphans);
    } catch (const std::exception& error) {
      spdlog::warn("housekeeping failed and is tried again in an hour: {}", error.what());
    }
    std::unique_lock lock{mutex_};
    pause_.wait_for(lock, stop, std::chrono::hours{1}, [] { return false; });
  }
}

}  // namespace cairn::gateway
