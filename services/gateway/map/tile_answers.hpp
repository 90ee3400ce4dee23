#pragma once
// The catalogue's tiles ready to be sent, and never old.

#include "services/gateway/http/prepared_answer.hpp"
#include "services/store/database.hpp"
#include "services/store/events.hpp"
#include "tiler/tile_set.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string_view>
#include <thread>

namespace cairn::gateway {

/// Follows the catalogue's events a few times a second: a tile that changed is forgotten. When the catalogue can't be followed,
/// nothing is given any more. So an answer is at most a second older than the tile that was published last.
class TileAnswers {
 public:
  TileAnswers(store::DatabaseUrl url, AnswerCache& cache) : url_{std::move(url)}, cache_{cache} {}
  /// Begins; until then nothing is kept.
  void follow_catalogue();

  /// Where a tile is asked for: each set's own door, in the order of the sets, and one more to a set, which says other things of empty tiles.
  enum class Door : std::uint8_t { map, panoramax, coverage, panoramax_api };
  struct Key {
    Door door = Door::map;
    TileId tile;
    bool packed = false;
    bool versioned = false;
  };
  /// Of a path without slashes at its ends: "tiles/map", "tiles/coverage", "api/map".
  static std::optional<Door> door_of(std::string_view path);
  static Door door_of(tiler::TileSet set) { return static_cast<Door>(set); }
  static tiler::TileSet set_of(Door door) { return door == Door::panoramax_api ? tiler::TileSet::panoramax : static_cast<tiler::TileSet>(door); }

  /// Nothing when it isn't kept, or might be old.
  SharedAnswer find(const Key& key);
  /// To be taken before the catalogue is read for an answer.
  std::int64_t stamp() const { return seen_; }
  /// Keeps an answer unless something was published since the stamp.
  void keep(const Key& key, SharedAnswer answer, std::int64_t stamp);

 private:
  using Clock = std::chrono::steady_clock;
  void follow(std::stop_token stop);
  void look(store::Session& catalogue);
  void forget_what_changed(const store::Event& event);

  store::DatabaseUrl url_;
  AnswerCache& cache_;                                  ///< others may keep theirs there, too
  std::atomic<std::int64_t> seen_{-1};                  ///< the last event that was heard of
  std::atomic<Clock::time_point> looked_at_{Clock::time_point{}};
  std::mutex mutex_;                                    ///< keeping or forgetting
  std::condition_variable_any pause_;
  std::jthread following_;                              ///< last: it uses the others
};

}  // namespace cairn::gateway
