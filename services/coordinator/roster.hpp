#pragma once
// Who is there, what each can do, and what it holds.

#include "core/time.hpp"
#include "messages.pb.h"
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

/// The worker that said hello. A worker that connects anew has a new address: what it still holds leaves the entry of the old
/// one, so that nothing happens to it when that falls silent. Stages that this version does not know are passed over.
Worker worker_from(const bus::Hello&, Roster&, UtcTime now);

}  // namespace cairn::coordinator
