#pragma once
// When to try again, and how fast to send.

#include "services/cli/http_client.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>

namespace cairn::cli {

/// Whether the same request may well succeed later: the server is busy, full, starting, or somebody else holds the upload.
bool is_passing(long status);

/// How long to wait before try number `tries` + 1: what Retry-After says, or else 0.5 s doubled each time up to 30 s, with up to a
/// quarter more so that many clients don't come back at once. Retry-After is believed up to 10 minutes.
std::chrono::milliseconds pause_before_retry(int tries, const HttpAnswer* answer);

/// Asks until the server answers with something that doesn't pass; gives up after 10 tries (about 3 minutes) with its last answer, or throws
/// the last HttpTrouble.
HttpAnswer patiently(const std::function<HttpAnswer()>& request);

/// Lets through so many bytes a second, over all threads that ask; 0: all.
class Pace {
 public:
  explicit Pace(std::uint64_t bytes_per_second) : rate_{bytes_per_second} {}
  /// Waits until `bytes` more may go out.
  void take(std::size_t bytes);
  /// When `bytes` asked for at `now` may go out; those asked for after them wait for as long as these need.
  std::chrono::steady_clock::time_point turn_of(std::size_t bytes, std::chrono::steady_clock::time_point now);

 private:
  std::uint64_t rate_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point free_at_{};
};

/// "2M", "500k", "1.5M", "800": bytes a second. Nothing for anything else.
std::optional<std::uint64_t> rate_from(const std::string& text);

}  // namespace cairn::cli
