#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace cairn::gateway {

/// How often each of many senders may do something: `per_second` in the long run, `burst` at once. A token bucket, kept as the one
/// time at which the bucket will be full again (the generic cell rate algorithm of ITU-T I.371). Thread-safe.
class RateLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Rule {
    double per_second = 0;                 ///< 0: no limit
    double burst = 1;
    std::size_t most_senders = 65'536;     ///< remembered at once: some 7 MB; more senders than that all start afresh
  };
  explicit RateLimit(Rule rule) : rule_{rule} {}

  /// Takes one from the sender's bucket. Nothing when it had one; else how long until it has, and nothing is taken.
  std::optional<std::chrono::seconds> over(const std::string& sender, Time now);
  std::size_t senders() const;

 private:
  void make_room(Time now);

  Rule rule_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Time> full_at_;
};

}  // namespace cairn::gateway
