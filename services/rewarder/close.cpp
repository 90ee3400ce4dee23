#include "services/rewarder/close.hpp"

#include "core/version.hpp"
#include "rewards/bundle.hpp"
#include "rewards/epoch.hpp"
#include "rewards/ledger.hpp"
#include "rewards/ledger_names.hpp"
#include "rewards/merkle.hpp"
#include "services/store/epochs.hpp"
#include "services/store/frames.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

namespace cairn::rewarder {
namespace {

using store::Session;

std::vector<rewards::LedgerRow> ledger_of(Session& session) {
  std::vector<rewards::LedgerRow> rows;
  for (const auto& record : store::whole_ledger(session)) {
    rows.push_back({static_cast<std::uint64_t>(record.seq), {record.key, record.from, record.to, record.amount, record.at}, record.previous, record.hash});
  }
  return rows;
}

/// What each address was ever owed: the credits to its payable account (nobody can register another address yet). Leaves of the tree are these, so that a missed epoch
/// costs nobody anything.
std::vector<rewards::Total> totals_of(const std::vector<rewards::LedgerRow>& ledger) {
  constexpr std::string_view kPayable = "payable:";
  std::map<rewards::Address, rewards::Amount> sums;
  for (const auto& row : ledger) {
    if (!row.transfer.to.starts_with(kPayable)) continue;
    if (const auto address = rewards::Address::parse(row.transfer.to.substr(kPayable.size()))) sums[*address] += row.transfer.amount;
  }
  std::vector<rewards::Total> totals;
  for (const auto& [address, amount] : sums) totals.push_back({address, amount});
  return totals;
}

rewards::Amount balance_of(const std::vector<rewards::LedgerRow>& ledger, const std::string& account) {
  rewards::Amount balance = 0;
  for (const auto& row : ledger) {
    if (row.transfer.to == account) balance += row.transfer.amount;
    if (row.transfer.from == account) balance -= row.transfer.amount;
  }
  return balance;
}

rewards::CoverageUnit unit_of(const store::FrameRow& frame) {
  const auto& verdict = frame.verdict.value();
  return {frame.id, frame.account, verdict.pose.place, verdict.pose.heading_deg, verdict.pose.taken_at,
          rewards::ppm_of(verdict.quality), rewards::ppm_of(verdict.trust)};
}

std::vector<rewards::LastVisit> visits_of(Session& session) {
  std::vector<rewards::LastVisit> visits;
  for (const auto& row : store::all_last_visits(session)) {
    visits.push_back({{row.cell, static_cast<std::uint8_t>(row.octant)}, row.at});
  }
  return visits;
}

/// Which programs and models made the verdicts, for the record.
std::map<std::string, std::string> versions_of(const std::vector<store::FrameRow>& frames) {
  std::set<std::string> models;
  for (const auto& frame : frames) {
    if (frame.observation) models.insert(frame.observation->redaction.model);
  }
  std::string list;
  for (const auto& model : models) list += (list.empty() ? "" : "; ") + model;
  return {{"cairn", kVersion}, {"vision", list}};
}

rewards::EpochInput input_of(Session& session, const rewards::Policy& policy, const rewards::Epoch& epoch,
                             const std::vector<store::FrameRow>& frames) {
  const auto ledger = ledger_of(session);
  rewards::EpochInput input;
  input.epoch = epoch;
  input.policy = policy;
  for (const auto& frame : frames) input.units.push_back(unit_of(frame));
  input.visits = visits_of(session);
  input.totals = totals_of(ledger);
  input.pool_balance = balance_of(ledger, rewards::pool_account("coverage"));
  if (!ledger.empty()) input.ledger_head = {ledger.back().sequence, ledger.back().hash};
  input.versions = versions_of(frames);
  return input;
}

void store_result(Session& session, const rewards::EpochResult& result, const store::EpochRow& row, const std::vector<store::FrameRow>& frames) {
  store::insert_epoch(session, row);
  std::vector<store::LedgerRecord> records;
  for (const auto& entry : result.ledger) {
    records.push_back({static_cast<std::int64_t>(entry.sequence), entry.transfer.key, entry.transfer.from, entry.transfer.to,
                       entry.transfer.amount, entry.transfer.at, entry.previous, entry.hash});
  }
  store::append_ledger(session, records);
  std::vector<store::VisitRow> visits;
  for (const auto& visit : result.visits) visits.push_back({visit.where.cell, visit.where.octant, visit.at});
  store::put_last_visits(session, visits);
  std::vector<FrameId> paid;
  for (const auto& frame : frames) paid.push_back(frame.id);
  store::mark_paid(session, paid, row.number);
}

void refuse_when_too_early(Session& session, UtcTime end, const std::vector<store::EpochRow>& epochs) {
  if (!epochs.empty() && epochs.back().end >= end) {
    throw std::runtime_error{"the epoch " + epochs.back().name + " is closed up to " + to_iso8601(epochs.back().end) + ": name a later end"};
  }
  if (const int unfinished = store::unfinished_before(session, end); unfinished > 0) {
    throw std::runtime_error{std::to_string(unfinished) + " files or frames from before " + to_iso8601(end) +
                             " are still on their way: close the epoch when `cairn status` shows an empty queue"};
  }
  if (const auto problems = problems_of_ledger(session); !problems.empty()) {
    throw std::runtime_error{"the ledger does not prove itself, so nothing may be added: " + problems.front()};
  }
}

}  // namespace

rewards::Policy load_policy(const std::filesystem::path& file) {
  std::ifstream stream{file, std::ios::binary};
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) throw std::runtime_error{"can't read the reward policy " + file.string()};
  auto policy = rewards::policy_from_yaml(text.str());
  if (const auto* problem = std::get_if<rewards::PolicyProblem>(&policy)) throw std::runtime_error{file.string() + ": " + problem->sentence};
  return std::get<rewards::Policy>(std::move(policy));
}

std::string epoch_name(UtcTime end) {
  auto name = "until-" + to_iso8601(end).substr(0, 19) + "Z";
  std::ranges::replace(name, ':', '.');
  return name;
}

std::vector<std::string> problems_of_ledger(Session& session) {
  const auto ledger = ledger_of(session);
  return rewards::verify_chain(ledger);
}

Closed close_epoch(Session& session, const rewards::Policy& policy, UtcTime end, UtcTime now, const std::filesystem::path& bundles) {
  Closed closed;
  session.write([&](Session& s) {
    const auto epochs = store::all_epochs(s);
    refuse_when_too_early(s, end, epochs);
    const auto frames = store::unpaid_frames(s, end);
    const auto begin = !epochs.empty() ? epochs.back().end : frames.empty() ? end - std::chrono::hours{1} : frames.front().verdict->pose.taken_at;
    const rewards::Epoch epoch{epoch_name(end), begin, end};
    auto outcome = rewards::close_epoch(input_of(s, policy, epoch, frames));
    if (const auto* refusal = std::get_if<rewards::EpochRefusal>(&outcome)) throw std::runtime_error{"the epoch can't be closed: " + refusal->problems.front()};
    const auto& result = std::get<rewards::EpochResult>(outcome);

    closed.name = epoch.name;
    closed.bundle = bundles / epoch.name;
    const auto manifest = rewards::write_bundle(result, closed.bundle);
    const auto root = rewards::verify_bundle(closed.bundle);
    if (!root.problems.empty()) throw std::runtime_error{"the bundle of " + epoch.name + " does not verify: " + root.problems.front()};
    closed.root = root.root ? root.root->text() : "";
    for (const auto& share : result.shares) closed.paid += share.amount;
    closed.frames = static_cast<int>(frames.size());
    closed.accounts = static_cast<int>(result.shares.size());
    const auto number = epochs.empty() ? 1 : epochs.back().number + 1;
    store_result(s, result, {number, epoch.name, begin, end, now, closed.root, manifest}, frames);
  });
  return closed;
}

}  // namespace cairn::rewarder
