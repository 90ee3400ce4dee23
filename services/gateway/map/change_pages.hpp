#pragma once
// Pages of the feed of changes, as anyone may read them now. Whoever follows at the same place gets the same page: it is made once.

#include "services/store/database.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::gateway {

/// What a client may ask for.
inline constexpr std::string_view kChangeFamilies[] = {"tiles", "features", "pictures", "sequences"};

/// One line of the feed.
struct Change {
  std::int64_t seq = 0;              ///< of its event; several things that changed at once have the same
  bool ends_event = false;
  std::string_view family;           ///< of kChangeFamilies
  std::string kind;                  ///< tile_changed, feature_born, …
  std::string json;
};

struct ChangePage {
  std::int64_t last = 0;             ///< up to which number the page tells all
  bool more = false;                 ///< there is more behind it
  std::vector<Change> changes;
};

class ChangePages {
 public:
  /// What happened behind `since`, `limit` events at most; nothing when that reaches back further than events are kept, or is ahead
  /// of them. What was hidden or taken away since shows as removed, in every event that names it.
  std::shared_ptr<const ChangePage> behind(store::Session&, std::int64_t since, int limit);

 private:
  struct Kept {
    std::int64_t since = 0;
    int limit = 0;
    std::int64_t newest = 0;         ///< when it was made: whatever changes what it says is an event, too
    std::shared_ptr<const ChangePage> page;
  };
  std::mutex mutex_;
  std::list<Kept> kept_;             ///< the last one used first
};

}  // namespace cairn::gateway
