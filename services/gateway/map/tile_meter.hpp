#pragma once

#include "core/time.hpp"
#include "services/store/database.hpp"
#include "services/store/usage.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace cairn::gateway {

/// How many tiles each token fetches. The catalogue is asked about a token once in ten seconds and told what was served as often, in
/// one transaction for all; a request costs a look into a map. Safe for several threads.
class TileMeter {
 public:
  /// `most_per_day` tiles for a token; 0: no limit. The clock says which day it is (UTC).
  TileMeter(store::DatabaseUrl url, std::int64_t most_per_day, std::function<UtcTime()> clock);
  /// Writes what is left.
  ~TileMeter();

  enum class Verdict { welcome, unknown, over };
  /// Whether the holder of this secret may fetch a tile; everybody may who has none (an empty one). Unknown: see learn().
  Verdict verdict_on(std::string_view secret);
  /// Counts what was sent.
  void count(std::string_view secret, std::size_t bytes);
  /// The catalogue said a moment ago: this is the secret of a valid token.
  void learn(std::string_view secret, const std::string& token, std::int64_t fetched_today);

  /// What isn't written yet goes into the catalogue now.
  void write();

 private:
  using Clock = std::chrono::steady_clock;
  struct Holder {
    std::string token;
    Clock::time_point known_until;
    std::int64_t day = 0;
    std::int64_t fetched = 0;          ///< on that day, what isn't written yet included
    store::TileUse unwritten;
  };
  void run(std::stop_token stop);
  Holder* holder_of(std::string_view secret);
  std::map<std::string, store::TileUse> taken();

  store::DatabaseUrl url_;
  std::int64_t most_per_day_;
  std::function<UtcTime()> clock_;
  std::mutex mutex_;
  std::map<std::string, Holder, std::less<>> holders_;
  std::map<std::string, store::TileUse> left_;   ///< of a write that failed, by token
  std::atomic<std::int64_t> nobodys_tiles_{0}, nobodys_bytes_{0};
  std::condition_variable_any pause_;
  std::jthread writing_;               ///< last: it uses the others
};

}  // namespace cairn::gateway
