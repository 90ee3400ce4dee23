#pragma once
// Answers that are made once and sent many times, and the memory that holds them.

#include "core/tile_id.hpp"
#include "services/gateway/http/http.hpp"
#include "services/gateway/http/sendable.hpp"

#include <array>
#include <list>
#include <mutex>
#include <unordered_map>

namespace cairn::gateway {

struct PreparedAnswer {
  int status = 200;
  std::string head;                       ///< status line and headers, without those that depend on who asks
  std::size_t common_at = 0;              ///< where those headers begin that a 304 has as well
  std::size_t etag_at = 0;
  std::size_t etag_length = 0;
  Sendable body;
  std::filesystem::path file;             ///< that is opened for each answer, of a body in a file that isn't kept open
  std::shared_ptr<const void> owner;      ///< of the body: bytes in memory, or an open archive
  std::size_t cost = 0;                   ///< bytes that it holds in memory

  std::string_view etag() const { return std::string_view{head}.substr(etag_at, etag_length); }
};
using SharedAnswer = std::shared_ptr<const PreparedAnswer>;

/// From the whole answer to a request of nobody in particular; its body is `body`, not that of `response`. `owned` bytes of it are
/// in memory for this answer alone.
SharedAnswer prepared_answer(Response response, const Sendable& body, std::shared_ptr<const void> owner, std::size_t owned);
/// The same whose body is a whole file of `size` bytes, which is opened for each answer: so thousands can be ready that can't all be open.
SharedAnswer prepared_answer(Response response, std::filesystem::path file, std::uint64_t size);
/// The same from an answer whose body is text, bytes or nothing.
SharedAnswer prepared_answer(Response response);

/// Whether If-None-Match says that the client has it.
bool is_known(std::string_view if_none_match, const PreparedAnswer& answer);

struct QuickAnswer {
  SharedAnswer answer;
  std::size_t route = 0;                  ///< its index in the metrics
};

/// Answers about tiles, least recently used out first. Safe for several threads.
class AnswerCache {
 public:
  explicit AnswerCache(std::size_t most_bytes) : most_bytes_{most_bytes / kShards} {}

  /// A tile of a set, in one of its forms (packed or not, 0 to 3).
  struct Key {
    std::uint64_t set = 0;
    std::uint64_t tile = 0;
    friend bool operator==(const Key&, const Key&) = default;
  };
  static Key key_of(std::uint64_t set, TileId tile, int form);

  /// Nothing when it is not kept.
  SharedAnswer find(const Key& key);
  void keep(const Key& key, SharedAnswer answer);
  void forget(const Key& key);
  void clear();
  std::size_t bytes() const;

 private:
  static constexpr std::size_t kShards = 16;  ///< so that threads seldom wait for each other
  struct Hash {
    std::size_t operator()(const Key& key) const;
  };
  using Turns = std::list<std::pair<Key, SharedAnswer>>;
  struct Shard {
    mutable std::mutex mutex;
    std::size_t bytes = 0;
    Turns turns;                              ///< most recently used first
    std::unordered_map<Key, Turns::iterator, Hash> places;
  };
  static void drop(Shard& shard, Turns::iterator which);
  Shard& shard_of(const Key& key) { return shards_[Hash{}(key) >> 60]; }

  std::size_t most_bytes_;                    ///< of a shard
  std::array<Shard, kShards> shards_;
};

}  // namespace cairn::gateway
