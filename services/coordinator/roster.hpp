#pragma once
// Who is there, what each can do, and what it holds.

#include "core/time.hpp"
#include "services/store/jobs.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::coordinator {

struct Held {
  store::LeasedJob job;
  std::optional<UtcTime> started_at;  ///< the worker said that it runs now; a death is counted against started jobs only
};

struct Worker {
  std::string name;
  std::vector<store::Stage> stages;
  int credit = 0;                     ///< tasks it takes at once
  UtcTime last_heard{};
  std::map<std::string, Held> held;   ///< by lease token
  int room() const { return credit - static_cast<int>(held.size()); }
};

/// Workers by their address on the bus.
using Roster = std::map<std::string, Worker>;

}  // namespace cairn::coordinator
