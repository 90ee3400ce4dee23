#include "services/store/writer.hpp"

#include <algorithm>

namespace cairn::store {

void Writer::write(const Work& work) {
  Item item{&work};
  std::unique_lock lock{mutex_};
  waiting_.push_back(&item);
  item.turn.wait(lock, [&] { return item.done || (!committing_ && waiting_.front() == &item); });
  if (!item.done) lead(lock);
  if (item.failure) std::rethrow_exception(item.failure);
}

/// Commits what waits, the caller's own with it, then wakes those whose work is done and the one who goes on.
void Writer::lead(std::unique_lock<std::mutex>& lock) {
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kMostAtOnce));
  const std::vector<Item*> group{waiting_.begin(), end};
  waiting_.erase(waiting_.begin(), end);
  committing_ = true;
  lock.unlock();
  commit(group);
  lock.lock();
  committing_ = false;
  for (auto* item : group) {
    item->done = true;
    item->turn.notify_one();
  }
  if (!waiting_.empty()) waiting_.front()->turn.notify_one();
}

void Writer::commit(const std::vector<Item*>& group) {
  try {
    if (!session_) session_.emplace(url_);
    session_->write([&](Session& session) {
      for (const auto* item : group) (*item->work)(session);
    });
  } catch (...) {
    session_.reset();  // whatever it was, a new connection is no worse
    if (group.size() == 1) {
      group.front()->failure = std::current_exception();
    } else {
      for (auto* item : group) commit({item});
    }
  }
}

}  // namespace cairn::store
