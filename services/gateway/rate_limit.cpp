#include "services/gateway/rate_limit.hpp"

#include <algorithm>

namespace cairn::gateway {

using Seconds = std::chrono::duration<double>;

std::optional<std::chrono::seconds> RateLimit::over(const std::string& sender, Time now) {
  if (rule_.per_second <= 0) return std::nullopt;
  const auto one = std::chrono::duration_cast<Time::duration>(Seconds{1 / rule_.per_second});
  const auto whole = std::chrono::duration_cast<Time::duration>(Seconds{std::max(rule_.burst, 1.0) / rule_.per_second});
  const std::lock_guard lock{mutex_};
  if (full_at_.size() >= rule_.most_senders && !full_at_.contains(sender)) make_room(now);
  auto& full_at = full_at_[sender];
  const auto after = std::max(full_at, now) + one;
  if (after - now > whole) return std::chrono::ceil<std::chrono::seconds>(after - now - whole);
  full_at = after;
  return std::nullopt;
}

std::size_t RateLimit::senders() const {
  const std::lock_guard lock{mutex_};
  return full_at_.size();
}

/// A full bucket is as good as none. When that frees less than half, all go: looking through the table stays rare.
void RateLimit::make_room(Time now) {
  std::erase_if(full_at_, [now](const auto& entry) { return entry.second <= now; });
  if (full_at_.size() > rule_.most_senders / 2) full_at_.clear();
}

}  // namespace cairn::gateway
