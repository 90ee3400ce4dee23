#pragma once
// Who may send how much, decided before a body is read.

#include "services/gateway/context.hpp"
#include "services/gateway/rate_limit.hpp"

#include <atomic>

namespace cairn::gateway {

/// Until quotas of a day begin anew (UTC).
std::chrono::seconds until_midnight(UtcTime now);

class Admission {
 public:
  explicit Admission(const Limits& limits);

  /// What speaks against looking at a request at all: 429 when its address asks too often. Needs no catalogue.
  std::optional<Response> too_often(const std::string& peer);

  /// What speaks against an upload: 401 and 403 for the caller, 429 for its rate and its quota of the day and when too much waits,
  /// 413 for a size that can never fit, 507 for a full disk. Every answer that may change says when in Retry-After.
  std::optional<Response> upload_refused(const Request& request, Context& context);

 private:
  std::optional<Response> over_quota(const Request& request, Context& context) const;
  int files_waiting(Context& context);

  Limits limits_;
  RateLimit addresses_;
  RateLimit accounts_;
  std::atomic<int> files_waiting_{0};
  std::atomic<std::int64_t> counted_at_{0};   ///< micros of UTC
};

}  // namespace cairn::gateway
