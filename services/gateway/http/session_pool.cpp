#include "services/gateway/http/session_pool.hpp"

#include <spdlog/spdlog.h>

#include <optional>

namespace cairn::gateway {

SessionPool::SessionPool(store::DatabaseUrl url, int threads, std::size_t most_waiting) : url_{std::move(url)}, most_waiting_{most_waiting} {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
}

SessionPool::~SessionPool() {
  {
    const std::lock_guard lock{mutex_};
    ending_ = true;
  }
  something_.notify_all();
  threads_.clear();
}

bool SessionPool::submit(Work work) {
  {
    const std::lock_guard lock{mutex_};
    if (waiting_.size() >= most_waiting_ || ending_) return false;
    waiting_.push_back(std::move(work));
  }
  something_.notify_one();
  return true;
}

void SessionPool::serve() {
  std::optional<store::Session> session;
  while (true) {
    std::unique_lock lock{mutex_};
    something_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const auto work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    try {
      if (!session) session.emplace(url_);
    } catch (const std::exception& error) {
      spdlog::error("the catalogue can't be reached: {}", error.what());
    }
    if (!work(session ? &*session : nullptr)) session.reset();
  }
}

}  // namespace cairn::gateway
