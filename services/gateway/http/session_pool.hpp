#pragma once

#include "services/store/database.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace cairn::gateway {

/// Threads that each own one connection to the catalogue, and the bounded queue of work before them.
class SessionPool {
 public:
  /// Gets the thread's connection, or null when the database can't be reached; says whether the connection is still good: one
  /// that isn't is opened anew for the next piece of work. Must not throw.
  using Work = std::function<bool(store::Session*)>;

  SessionPool(store::DatabaseUrl url, int threads, std::size_t most_waiting);
  /// Finishes what waits, then ends the threads.
  ~SessionPool();
  SessionPool(const SessionPool&) = delete;
  SessionPool& operator=(const SessionPool&) = delete;

  /// False when as much waits already as may: nothing was queued.
  bool submit(Work work);

 private:
  void serve();

  store::DatabaseUrl url_;
  std::size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable something_;
  std::deque<Work> waiting_;
  bool ending_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace cairn::gateway
