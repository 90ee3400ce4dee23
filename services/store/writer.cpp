#include "services/store/writer.hpp"

#include <algorithm>

namespace cairn::store {

Writer::Writer(DatabaseUrl url) : url_{std::move(url)}, thread_{[this] { serve(); }} {}

Writer::~Writer() {
  {
    const std::lock_guard lock{mutex_};
    ending_ = true;
  }
  something_.notify_all();
}

void Writer::write(const Work& work) {
  Item item{&work, false, nullptr};
  std::unique_lock lock{mutex_};
  waiting_.push_back(&item);
  something_.notify_one();
  done_.wait(lock, [&] { return item.done; });
  if (item.failure) std::rethrow_exception(item.failure);
}

void Writer::serve() {
  std::unique_lock lock{mutex_};
  while (true) {
    something_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kMostAtOnce));
    const std::vector<Item*> group{waiting_.begin(), end};
    waiting_.erase(waiting_.begin(), end);
    lock.unlock();
    commit(group);
    lock.lock();
    for (auto* item : group) item->done = true;
    done_.notify_all();
  }
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
