#pragma once
// What happened on the map, in order: for those who follow its changes.

#include "core/time.hpp"
#include "services/store/database.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::store {

struct Event {
  std::int64_t seq = 0;
  UtcTime at{};
  std::string kind;                      ///< sequence_ready, features_changed, tile_changed, …
  std::string subject_json;
};
void append_event(Session&, UtcTime at, const std::string& kind, const std::string& subject_json);
/// 0 when nothing ever happened.
std::int64_t last_event(Session&);
std::vector<Event> events_since(Session&, std::int64_t seq, int limit);

}  // namespace cairn::store
