#pragma once
// The close of an epoch of the coverage pool: accepted frames in, shares and ledger rows out. docs/rewards.md has the formula.

#include "core/id.hpp"
#include "core/lat_lon.hpp"
#include "core/time.hpp"
#include "rewards/amount.hpp"
#include "rewards/cell.hpp"
#include "rewards/keccak.hpp"
#include "rewards/ledger.hpp"
#include "rewards/merkle.hpp"
#include "rewards/policy.hpp"

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cairn::rewards {

/// One accepted frame of the epoch.
struct CoverageUnit {
  FrameId frame;
  AccountId account;
  LatLon place;
  double heading_deg = 0;
  UtcTime taken_at{};
  Ppm quality_ppm = 0;  ///< ppm_of(FrameVerdict::quality)
  Ppm trust_ppm = 0;    ///< ppm_of(FrameVerdict::trust)
};

/// When a cell was last seen by an accepted frame, before the epoch.
struct LastVisit {
  CellOctant where;
  UtcTime at{};
  friend auto operator<=>(const LastVisit&, const LastVisit&) = default;
};

/// Where an account wants its money, when it has said so. From then on its shares go there.
struct PayoutAddress {
  AccountId account;
  Address address;
};

struct Epoch {
  std::string name;  ///< 1-64 letters, digits, '.', '_' or '-'; unique for ever: "2026-W18"
  UtcTime begin{};   ///< frames from before it are late work and count
  UtcTime end{};     ///< frames from this instant on belong to a later epoch and are refused
};

struct EpochInput {
  Epoch epoch;
  Policy policy;
  std::vector<CoverageUnit> units;      ///< in any order; a frame that stands twice with the same values counts once
  std::vector<LastVisit> visits;        ///< state before the epoch; cells that no unit touches may be left out
  std::vector<PayoutAddress> payouts;   ///< accounts with no work may be left out
  std::vector<Total> totals;            ///< cumulative amounts of all addresses before the epoch
  Amount pool_balance = 0;              ///< of "pool:coverage" before the epoch: what was carried over
  LedgerHead ledger_head;               ///< the ledger before the epoch
  std::map<std::string, std::string> versions;  ///< models and programs that made the verdicts, for the record
};

/// The same input as it stands in a bundle: pseudonyms and cells instead of accounts and places, sorted, each thing once.
struct CanonicalInput {
  struct Row {
    CellOctant where;
    UtcTime taken_at{};
    FrameId frame;
    Address account;
    Ppm quality_ppm = 0;
    Ppm trust_ppm = 0;
    friend auto operator<=>(const Row&, const Row&) = default;
  };
  struct Payout {
    Address account;
    Address address;
    friend auto operator<=>(const Payout&, const Payout&) = default;
  };
  Epoch epoch;
  Policy policy;
  std::vector<Row> rows;
  std::vector<LastVisit> visits;  ///< of touched cells only
  std::vector<Payout> payouts;    ///< of accounts with work only
  std::vector<Total> totals;
  Amount pool_balance = 0;
  LedgerHead ledger_head;
  std::map<std::string, std::string> versions;
};

/// What one frame brought, with every factor. weight = need × quality × trust / 10^12, less what a cap took.
struct Line {
  FrameId frame;
  Address account;
  CellOctant where;
  UtcTime taken_at{};
  Ppm need_ppm = 0;
  Ppm quality_ppm = 0;
  Ppm trust_ppm = 0;
  Ppm weight_ppm = 0;
  Ppm capped_ppm = 0;                      ///< weight that a cap took away
  std::optional<FrameId> shares_unit_of;   ///< the best frame of the same pass; this line then weighs nothing
};

struct Share {
  Address account;   ///< pseudonym
  Address payout;    ///< where it goes: the registered address, else the pseudonym
  Weight weight = 0;
  Amount amount = 0;
};

struct EpochResult {
  CanonicalInput input;
  std::vector<Line> lines;         ///< by taken_at, then frame
  std::vector<Share> shares;       ///< by account; those with weight
  Amount pool = 0;                 ///< issued now plus carried over from before
  Amount carried_over = 0;         ///< the whole pool when there was no work, else 0
  std::vector<LedgerRow> ledger;   ///< rows to append, already chained to input.ledger_head
  std::vector<LastVisit> visits;   ///< new state of the touched cells, sorted
  std::vector<Total> totals;       ///< cumulative amounts of all addresses after the epoch, by address; leaves of the tree
};

/// Why an epoch can't be closed: one sentence per problem.
struct EpochRefusal {
  std::vector<std::string> problems;
};
using EpochOutcome = std::variant<EpochResult, EpochRefusal>;

/// Pure: the same input in any order gives the same result on every machine.
EpochOutcome close_epoch(const EpochInput& input);

/// The two halves of close_epoch; a verifier has only the second.
std::variant<CanonicalInput, EpochRefusal> canonical_input(const EpochInput& input);
EpochOutcome close_canonical(CanonicalInput input);

/// Why this input can't be closed; empty when it can.
std::vector<std::string> problems_of(const CanonicalInput& input);

}  // namespace cairn::rewards
