#include "services/store/epochs.hpp"

#include "services/store/frame_rows.hpp"

#include <algorithm>

namespace cairn::store {
namespace {

using soci::use;

EpochRow epoch_from(const soci::row& row) {
  return {int_of(row, "number"), text_of_row(row, "name"), time_of(row, "begins_at"), time_of(row, "ends_at"), time_of(row, "closed_at"), text_of_row(row, "root"),
          digest_of(row, "bundle")};
}

VisitRow visit_from(const soci::row& row) {
  return {static_cast<std::uint64_t>(int_of(row, "cell")), static_cast<int>(int_of(row, "octant")), time_of(row, "taken_at")};
}

LedgerRecord record_from(const soci::row& row) {
  return {int_of(row, "seq"), text_of_row(row, "key"), text_of_row(row, "from_account"), text_of_row(row, "to_account"),
          int_of(row, "amount"), time_of(row, "at"), digest_of(row, "previous"), digest_of(row, "hash")};
}

}  // namespace

void insert_epoch(Session& session, const EpochRow& epoch) {
  const long long number = epoch.number;
  const long long begin = micros_of(epoch.begin);
  const long long end = micros_of(epoch.end);
  const long long closed = micros_of(epoch.closed_at);
  const auto bundle = epoch.bundle.hex();
  session.sql() << "insert into epochs(number, name, begins_at, ends_at, closed_at, root, bundle) "
                   "values (:number, :name, :begin, :end, :closed, :root, :bundle)",
      use(number, "number"), use(epoch.name, "name"), use(begin, "begin"), use(end, "end"), use(closed, "closed"),
      use(epoch.root, "root"), use(bundle, "bundle");
}

std::vector<EpochRow> all_epochs(Session& session) {
  return all_from((session.sql().prepare << "select * from epochs order by number"), epoch_from);
}

std::vector<VisitRow> all_last_visits(Session& session) {
  return all_from((session.sql().prepare << "select cell, octant, taken_at from last_visits order by cell, octant"), visit_from);
}

void put_last_visits(Session& session, const std::vector<VisitRow>& visits) {
  for (const auto& visit : visits) {
    const auto cell = static_cast<long long>(visit.cell);
    const long long at = micros_of(visit.at);
    session.sql() << "insert into last_visits(cell, octant, taken_at) values (:cell, :octant, :at) "
                     "on conflict (cell, octant) do update set taken_at = excluded.taken_at",
        use(cell, "cell"), use(visit.octant, "octant"), use(at, "at");
  }
}

void append_ledger(Session& session, const std::vector<LedgerRecord>& records) {
  for (const auto& record : records) {
    const long long seq = record.seq;
    const long long amount = record.amount;
    const long long at = micros_of(record.at);
    const auto previous = record.previous.hex();
    const auto hash = record.hash.hex();
    session.sql() << "insert into ledger_rows(seq, key, from_account, to_account, amount, at, previous, hash) "
                     "values (:seq, :key, :from, :to, :amount, :at, :previous, :hash)",
        use(seq, "seq"), use(record.key, "key"), use(record.from, "from"), use(record.to, "to"), use(amount, "amount"), use(at, "at"),
        use(previous, "previous"), use(hash, "hash");
  }
}

std::vector<LedgerRecord> whole_ledger(Session& session) {
  return all_from((session.sql().prepare << "select * from ledger_rows order by seq"), record_from);
}

/// Money follows what the device recorded: where the owner says another time, the column taken_at is that.
std::vector<FrameRow> unpaid_frames(Session& session, UtcTime end) {
  const long long before = micros_of(end);
  auto frames = all_from((session.sql().prepare << "select * from frames where state = 'fused' and reason is null and shown_to = 'anyone' and epoch is null and "
                                               "(taken_at < :end or stated_at is not null)",
                       use(before, "end")),
                      frame_from);
  std::erase_if(frames, [end](const FrameRow& frame) { return frame.verdict.value().pose.taken_at >= end; });
  std::ranges::sort(frames, {}, [](const FrameRow& frame) { return std::pair{frame.verdict->pose.taken_at, frame.id}; });
  return frames;
}

void mark_paid(Session& session, const std::vector<FrameId>& frames, std::int64_t epoch) {
  const long long number = epoch;
  for (const auto& frame : frames) {
    const auto id = frame.text();
    session.sql() << "update frames set epoch = :epoch where id = :id", use(number, "epoch"), use(id, "id");
  }
}

int unfinished_before(Session& session, UtcTime end) {
  const long long time = micros_of(end);
  int frames = 0;
  int files = 0;
  session.sql() << "select count(*) from frames where state <> 'fused' and reason is null and taken_at < :end", use(time, "end"), soci::into(frames);
  session.sql() << "select count(*) from files where state = 'received' and received_at < :end", use(time, "end"), soci::into(files);
  return frames + files;
}

}  // namespace cairn::store
