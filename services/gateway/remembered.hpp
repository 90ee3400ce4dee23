#pragma once
// What takes long to make and may be a little old.

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>

namespace cairn::gateway {

/// Makes a value anew when it is asked for, but not before twenty times as long has passed as the last one took to make: at most a
/// twentieth of a core, however many ask. What is made within five milliseconds is made anew each time. Safe for several threads;
/// while one makes a value, the others get the one before.
template <class Value>
class Remembered {
 public:
  using Clock = std::chrono::steady_clock;
  explicit Remembered(std::function<Clock::time_point()> now = Clock::now) : now_{std::move(now)} {}

  /// What `make` throws is thrown on; the next to ask tries again.
  std::shared_ptr<const Value> get(const std::function<Value()>& make) {
    const auto began = now_();
    {
      const std::lock_guard lock{mutex_};
      if (last_ && (is_making_ || began < next_)) return last_;
      is_making_ = true;
    }
    std::shared_ptr<const Value> made;
    try {
      made = std::make_shared<const Value>(make());
    } catch (...) {
      const std::lock_guard lock{mutex_};
      is_making_ = false;
      throw;
    }
    const auto end = now_();
    const std::lock_guard lock{mutex_};
    is_making_ = false;
    last_ = made;
    next_ = end - began < std::chrono::milliseconds{5} ? end : end + 20 * (end - began);
    return made;
  }

 private:
  std::function<Clock::time_point()> now_;
  std::mutex mutex_;
  bool is_making_ = false;
  Clock::time_point next_{};
  std::shared_ptr<const Value> last_;
};

}  // namespace cairn::gateway
