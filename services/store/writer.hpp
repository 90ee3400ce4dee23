#pragma once
// Group commit: what several threads want written goes to the disk in one transaction.

#include "services/store/database.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace cairn::store {

/// One connection that writes for all threads of a process. Whoever finds nobody writing commits what waits, his own first; while
/// that is on its way to the disk the next transaction gathers, so that the cost of a commit is shared. Nobody waits for others to
/// come, and a lone writer wakes no other thread.
class Writer {
 public:
  using Work = std::function<void(Session&)>;

  explicit Writer(DatabaseUrl url) : url_{std::move(url)} {}

  /// Runs `work` in a transaction, maybe with the work of others before and after it and on their thread, and returns when that is
  /// on the disk. Throws what `work` threw, or why the commit failed: then nothing of `work` was written. Work may run twice: when
  /// a neighbour's failure undoes the transaction, each runs again in one of its own.
  void write(const Work& work);

 private:
  static constexpr std::size_t kMostAtOnce = 64;  ///< longer transactions would keep writers of other processes waiting

  struct Item {
    const Work* work = nullptr;
    bool done = false;
    std::exception_ptr failure;
    std::condition_variable turn;   ///< it is done, or its thread is the next to commit
  };

  void lead(std::unique_lock<std::mutex>& lock);
  void commit(const std::vector<Item*>& group);

  DatabaseUrl url_;
  std::optional<Session> session_;  ///< of the thread that commits
  std::mutex mutex_;
  std::deque<Item*> waiting_;
  bool committing_ = false;
};

}  // namespace cairn::store
