#include "services/gateway/housekeeping.hpp"

#include "services/store/uploads.hpp"

#include <spdlog/spdlog.h>

namespace cairn::gateway {

std::size_t sweep_orphaned_blobs(store::Session& catalogue, const store::BlobStore& blobs, std::chrono::seconds grace) {
  return blobs.sweep(store::Namespace::private_, grace, [&](const Sha256& blob) { return store::private_blob_is_wanted(catalogue, blob); });
}

Housekeeping::Housekeeping(store::DatabaseUrl url, store::BlobStore blobs, std::chrono::seconds grace)
    : url_{std::move(url)}, blobs_{std::move(blobs)}, grace_{grace} {
  if (grace_ > std::chrono::seconds{0}) thread_ = std::jthread{[this](std::stop_token stop) { run(stop); }};
}

void Housekeeping::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    try {
      store::Session catalogue{url_};
      const auto gone = sweep_orphaned_blobs(catalogue, blobs_, grace_);
      if (gone > 0) spdlog::info("{} file(s) that no row names were swept", gone);
    } catch (const std::exception& error) {
      spdlog::warn("the sweep of orphaned blobs failed and is tried again in an hour: {}", error.what());
    }
    std::unique_lock lock{mutex_};
    pause_.wait_for(lock, stop, std::chrono::hours{1}, [] { return false; });
  }
}

}  // namespace cairn::gateway
