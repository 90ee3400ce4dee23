#pragma once
// The work of the next epoch, closed epochs, the ledger, and when road cells were last seen: what rewards build on.

#include "core/sha256.hpp"
#include "core/time.hpp"
#include "services/store/database.hpp"
#include "services/store/frames.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::store {

/// Accepted frames recorded before `end` that anyone may see and no epoch has paid for, by the time in their verdict and id: the work of the next epoch.
std::vector<FrameRow> unpaid_frames(Session&, UtcTime end);
void mark_paid(Session&, const std::vector<FrameId>& frames, std::int64_t epoch);
/// Frames and files taken or received before `end` that are still on their way: while there are any, an epoch stays open.
int unfinished_before(Session&, UtcTime end);

struct EpochRow {
  std::int64_t number = 0;               ///< 1, 2, …
  std::string name;
  UtcTime begin{};
  UtcTime end{};
  UtcTime closed_at{};
  std::string root;                      ///< hex; empty when nobody was ever owed anything
  Sha256 bundle;
};
void insert_epoch(Session&, const EpochRow&);
/// In the order of their numbers.
std::vector<EpochRow> all_epochs(Session&);

struct VisitRow {
  std::uint64_t cell = 0;                ///< S2
  int octant = 0;
  UtcTime at{};
};
std::vector<VisitRow> all_last_visits(Session&);
void put_last_visits(Session&, const std::vector<VisitRow>&);

struct LedgerRecord {
  std::int64_t seq = 0;
  std::string key, from, to;
  std::int64_t amount = 0;
  UtcTime at{};
  Sha256 previous, hash;
};
/// A key that is there already is an error: the caller's transaction rolls back.
void append_ledger(Session&, const std::vector<LedgerRecord>&);
std::vector<LedgerRecord> whole_ledger(Session&);

}  // namespace cairn::store
