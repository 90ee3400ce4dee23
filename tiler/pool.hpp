#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace cairn::tiler {

/// Some things of which each serves one thread at a time.
template <class T>
class Pool {
 public:
  struct GiveBack {
    Pool* pool;
    void operator()(T* thing) const { pool->add(std::unique_ptr<T>{thing}); }
  };
  /// Goes back when this goes.
  using Borrowed = std::unique_ptr<T, GiveBack>;

  void add(std::unique_ptr<T> thing) {
    {
      const std::lock_guard lock{mutex_};
      free_.push_back(std::move(thing));
    }
    is_free_.notify_one();
  }
  /// Waits until one is free.
  Borrowed borrow() {
    std::unique_lock lock{mutex_};
    is_free_.wait(lock, [&] { return !free_.empty(); });
    Borrowed thing{free_.back().release(), {this}};
    free_.pop_back();
    return thing;
  }

 private:
  std::mutex mutex_;
  std::condition_variable is_free_;
  std::vector<std::unique_ptr<T>> free_;
};

}  // namespace cairn::tiler
