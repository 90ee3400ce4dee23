#include "services/gateway/housekeeping.hpp"

#include "services/changes/dropped_blobs.hpp"
#include "services/changes/erase.hpp"
#include "services/gateway/receive/partial_uploads.hpp"
#include "services/store/events.hpp"
#include "services/store/files.hpp"

#include <spdlog/spdlog.h>

namespace cairn::gateway {

std::size_t sweep_orphaned_blobs(store::Session& catalogue, const store::BlobStore& blobs, std::chrono::seconds grace) {
  return blobs.sweep(store::Namespace::private_, grace, [&](const Sha256& blob) { return store::private_blob_is_wanted(catalogue, blob); });
}

std::size_t Housekeeping::remove_deleted(store::Session& catalogue, const std::stop_token& stop) const {
  std::size_t all = 0;
  for (std::size_t some = 1; some > 0 && !stop.stop_requested(); all += some) some = changes::remove_dropped_blobs(catalogue, blobs_, clock_());
  return all;
}

void Housekeeping::forget_old_changes(store::Session& catalogue, const std::stop_token& stop) const {
  if (times_.changes == std::chrono::days{0}) return;
  for (std::size_t some = 1; some > 0 && !stop.stop_requested();)
    catalogue.write([&](store::Session& writer) { some = store::forget_events(writer, clock_() - times_.changes); });
}

Housekeeping::Housekeeping(store::DatabaseUrl url, store::BlobStore blobs, std::filesystem::path incoming, KeepingTimes times, std::function<UtcTime()> clock)
    : url_{std::move(url)}, blobs_{std::move(blobs)}, incoming_{std::move(incoming)}, times_{times}, clock_{std::move(clock)}, thread_{[this](std::stop_token stop) { run(stop); }} {}

void Housekeeping::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    try {
      store::Session catalogue{url_};
      // What somebody wants gone goes first.
      changes::finish_erasures(catalogue, clock_());
      const auto deleted = remove_deleted(catalogue, stop);
      if (deleted > 0) spdlog::info("removed {} file(s) of deleted pictures and replaced tiles", deleted);
      while (!stop.stop_requested() && sweep_expired(catalogue, incoming_, clock_()) > 0) {
      }
      forget_old_changes(catalogue, stop);
      const auto orphans = times_.orphans > std::chrono::seconds{0} ? sweep_orphaned_blobs(catalogue, blobs_, times_.orphans) : 0;
      if (orphans > 0) spdlog::info("{} file(s) that no row names were swept", orphans);
    } catch (const std::exception& error) {
      spdlog::warn("housekeeping failed and is tried again in an hour: {}", error.what());
    }
    std::unique_lock lock{mutex_};
    pause_.wait_for(lock, stop, std::chrono::hours{1}, [] { return false; });
  }
}

}  // namespace cairn::gateway
