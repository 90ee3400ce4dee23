#pragma once
// Group commit: what several threads want written goes to the disk in one transaction.

#include "services/store/database.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace cairn::store {

/// One thread with one connection of its own, which writes for all threads of a process. While one transaction is on its way to
/// the disk the next one gathers, so that the cost of a commit is shared; nobody waits for others to come.
class Writer {
 public:
  using Work = std::function<void(Session&)>;

  explicit Writer(DatabaseUrl url);
  /// Finishes what waits.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Runs `work` in a transaction, maybe with the work of others before and after it, and returns when that is on the disk.
  /// Throws what `work` threw, or why the commit failed: then nothing of `work` was written. Work may run twice: when a
  /// neighbour's failure undoes the transaction, each runs again in one of its own.
  void write(const Work& work);

 private:
  static constexpr std::size_t kMostAtOnce = 64;  ///< longer transactions would keep writers of other processes waiting

  struct Item {
    const Work* work = nullptr;
    bool done = false;
    std::exception_ptr failure;
  };

  void serve();
  void commit(const std::vector<Item*>& group);

  DatabaseUrl url_;
  std::optional<Session> session_;
  std::mutex mutex_;
  std::condition_variable something_, done_;
  std::deque<Item*> waiting_;
  bool ending_ = false;
  std::jthread thread_;
};

}  // namespace cairn::store
