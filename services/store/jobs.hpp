#pragma once
// The queue: what is to be done, who has it until when. The database remembers; messages only carry (law 4).

#include "core/time.hpp"
#include "services/store/database.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::store {

/// In the order of the path. Of jobs with the same turn the later stage goes first: what is begun gets finished.
enum class Stage { decode, assemble, inspect, fuse, merge, tile };
inline constexpr std::array kStages{Stage::decode, Stage::assemble, Stage::inspect, Stage::fuse, Stage::merge, Stage::tile};
std::string_view name_of(Stage stage);
std::optional<Stage> stage_from_name(std::string_view name);

struct NewJob {
  Stage stage = Stage::decode;
  std::string key;                      ///< unique per stage: what the job is about; its input is read from the catalogue
  std::string tenant;                   ///< account id: tenants take turns; '' for work on the map, which waits behind nobody
  UtcTime now{};
  std::chrono::milliseconds delay{0};   ///< before its time comes
  int weight = 1;                       ///< of its turn: how many frames it is about
};

struct LeasedJob {
  std::string id;
  Stage stage = Stage::decode;
  std::string key;
  std::string tenant;
  std::string token;
  int attempts = 0;
  int deaths = 0;
  std::int64_t turn = 0;                ///< known to the queue only; no message carries it
};

struct LeaseRules {
  std::chrono::seconds lease{30};
  int most_failures = 5;
  int most_deaths = 3;
};

/// Inside the caller's transaction. A job that waits already keeps its turn (and the earlier time); one that is running runs once
/// more afterwards.
///
/// Turns are those of start-time fair queueing (Goyal, Vin, Cheng 1996): a new job begins where its tenant's last one in the stage
/// ends, but not before the turn that is being served. So a tenant that was idle goes at once, and two that are busy get as many
/// frames done each, however much either has queued.
void enqueue(Session&, const NewJob&);

/// Whether any job's time has come: cheap, and takes no lock.
bool work_waits(Session&, UtcTime now);
/// Leases up to `most` jobs of the stages whose time has come, fair between tenants.
std::vector<LeasedJob> lease(Session&, const std::vector<Stage>& stages, int most, UtcTime now, const LeaseRules&);
/// Prolongs leases that are still held with these tokens.
void renew(Session&, const std::vector<LeasedJob>&, UtcTime now, const LeaseRules&);
/// True when the token still holds the job, which is then done (or queued again when it was asked for meanwhile). False for a
/// late result: the caller must change nothing.
bool complete(Session&, const LeasedJob&, UtcTime now);
/// A reported failure: back off with `delay` and try again, or quarantine. False for a late report.
bool fail(Session&, const LeasedJob&, const std::string& error, UtcTime now, std::chrono::milliseconds delay, const LeaseRules&);
/// A failure that is not the job's: tried again after `delay`, nothing is counted. False for a late report.
bool postpone(Session&, const LeasedJob&, const std::string& error, UtcTime now, std::chrono::milliseconds delay);
/// Gives a lease back without counting anything (a worker that shuts down).
void release(Session&, const LeasedJob&, UtcTime now);
/// Puts jobs whose lease ran out back into the queue, counting a death; the third quarantines. Gives those quarantined.
std::vector<LeasedJob> expire(Session&, UtcTime now, const LeaseRules&);
/// Counts a death at once, when the worker is known to be gone.
bool count_death(Session&, const LeasedJob&, UtcTime now, const LeaseRules&);

/// Drops what turns remember of tenants that have been served: they start with the turn being served anyway.
void forget_old_turns(Session&);

struct QueueDepth {
  Stage stage = Stage::decode;
  int queued = 0, leased = 0, quarantined = 0;
  std::optional<UtcTime> oldest;        ///< run_at of the job that waits longest
};
std::vector<QueueDepth> queue_depths(Session&);
/// How many of one stage wait.
int jobs_queued(Session&, Stage stage);

struct QuarantinedJob {
  std::string id;
  Stage stage = Stage::decode;
  std::string key, tenant, last_error;
  int attempts = 0, deaths = 0;
};
std::vector<QuarantinedJob> quarantined(Session&);
/// Puts a quarantined job (or all, when the id is empty) back. Gives how many.
int replay(Session&, const std::string& id, UtcTime now);

}  // namespace cairn::store
