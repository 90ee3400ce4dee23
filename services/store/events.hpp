#pragma once
// What happened on the map, in order: for those who follow its changes. An event names things by their ids and never says where they
// are or were: who reads it looks them up, and what was hidden since is gone from every event, however old.

#include "core/time.hpp"
#include "services/store/database.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::store {

struct Event {
  std::int64_t seq = 0;
  UtcTime at{};
  std::string kind;                      ///< pictures, features_born, features, sequence, tile; start: before it none were kept
  std::string subject_json;
};
/// Inside the caller's transaction. Numbers rise by one, and become visible in their order: writers take turns (database.hpp), so
/// whoever read up to a number has missed none below it.
void append_event(Session&, UtcTime at, const std::string& kind, const std::string& subject_json);
/// The next ones behind a number, `limit` at most.
std::vector<Event> events_since(Session&, std::int64_t seq, int limit);

/// What is kept: every number from the oldest to the newest. Both are 0 when nothing has happened yet.
struct KeptEvents {
  std::int64_t oldest = 0, newest = 0;
  /// Whether nothing is missing behind a number, and the number isn't one of the future.
  bool reach_back_to(std::int64_t seq) const { return seq >= oldest - 1 && seq <= newest; }
};
KeptEvents kept_events(Session&);
/// Forgets the oldest events up to the first that is not from before `time`, a thousand at most; the newest stays. Gives how many.
std::size_t forget_events(Session&, UtcTime time);

}  // namespace cairn::store
