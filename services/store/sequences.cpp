#include "services/store/sequences.hpp"

#include "services/codec/codec.hpp"
#include "services/store/conditions.hpp"
#include "services/store/rows.hpp"

#include <algorithm>

namespace cairn::store {
namespace {

using soci::use;

SequenceState sequence_state_from(const std::string& name) {
  for (const auto state : {SequenceState::inspecting, SequenceState::fusing, SequenceState::ready}) {
    if (name_of(state) == name) return state;
  }
  return SequenceState::inspecting;
}

SequenceRow sequence_from(const soci::row& row) {
  SequenceRow sequence;
  sequence.id = id_of<SequenceId>(row, "id");
  sequence.upload_set = id_of<UploadSetId>(row, "upload_set_id");
  sequence.account = id_of<AccountId>(row, "account_id");
  sequence.title = text_of_row(row, "title");
  sequence.created_at = time_of(row, "created_at");
  sequence.updated_at = time_of(row, "updated_at");
  sequence.state = sequence_state_from(text_of_row(row, "state"));
  sequence.frames = static_cast<int>(int_of(row, "frames"));
  sequence.accepted = static_cast<int>(int_of(row, "accepted"));
  sequence.first_taken_at = time_of(row, "first_taken_at");
  sequence.last_taken_at = time_of(row, "last_taken_at");
  sequence.length_m = double_of(row, "length_m");
  sequence.south_west = LatLon::from_e7(int_of(row, "south_e7"), int_of(row, "west_e7")).value_or(LatLon{});
  sequence.north_east = LatLon::from_e7(int_of(row, "north_e7"), int_of(row, "east_e7")).value_or(LatLon{});
  sequence.fusion_values = codec::values_from_json(text_of_row(row, "fusion_values"));
  sequence.visibility = maybe_text(row, "visibility");
  sequence.shown_to = text_of_row(row, "shown_to");
  sequence.sorted_by = text_of_row(row, "sorted_by");
  sequence.deleted_at = maybe_time(row, "deleted_at");
  return sequence;
}

}  // namespace

std::string_view name_of(SequenceState state) {
  switch (state) {
    case SequenceState::inspecting: return "inspecting";
    case SequenceState::fusing: return "fusing";
    case SequenceState::ready: return "ready";
  }
  return "inspecting";
}

void insert_sequence(Session& session, const SequenceRow& sequence) {
  const auto id = sequence.id.text();
  const auto set = sequence.upload_set.text();
  const auto account = sequence.account.text();
  const long long created = micros_of(sequence.created_at);
  session.sql() << "update frames set sequence_id = null where sequence_id = :id and reason in " + std::string{kTakenAway} + " and "
                   "exists (select 1 from sequences where sequences.id = :id and deleted_at is not null)",
      use(id, "id");
  session.sql() << "insert into sequences(id, upload_set_id, account_id, title, created_at, updated_at, state, frames, accepted, "
                   "first_taken_at, last_taken_at, length_m, west_e7, south_e7, east_e7, north_e7, fusion_values) "
                   "values (:id, :set, :account, :title, :created, :created, 'inspecting', 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}') "
                   "on conflict (id) do update set upload_set_id = excluded.upload_set_id, account_id = excluded.account_id, title = excluded.title, "
                   "created_at = excluded.created_at, deleted_at = null, visibility = null, shown_to = 'anyone', sorted_by = '+gpsdate' "
                   "where sequences.deleted_at is not null",
      use(id, "id"), use(set, "set"), use(account, "account"), use(sequence.title, "title"), use(created, "created");
  update_sequence(session, sequence);
}

void update_sequence(Session& session, const SequenceRow& sequence) {
  const auto id = sequence.id.text();
  const long long updated = micros_of(sequence.updated_at);
  const std::string state{name_of(sequence.state)};
  const long long first = micros_of(sequence.first_taken_at);
  const long long last = micros_of(sequence.last_taken_at);
  const long long west = sequence.south_west.lon_e7();
  const long long south = sequence.south_west.lat_e7();
  const long long east = sequence.north_east.lon_e7();
  const long long north = sequence.north_east.lat_e7();
  const auto values = codec::to_json(sequence.fusion_values);
  session.sql() << "update sequences set updated_at = :updated, state = :state, frames = :frames, "
                   "accepted = :accepted, first_taken_at = :first, last_taken_at = :last, length_m = :length, west_e7 = :west, "
                   "south_e7 = :south, east_e7 = :east, north_e7 = :north, fusion_values = :fusion where id = :id",
      use(updated, "updated"), use(state, "state"), use(sequence.frames, "frames"),
      use(sequence.accepted, "accepted"), use(first, "first"), use(last, "last"), use(sequence.length_m, "length"),
      use(west, "west"), use(south, "south"), use(east, "east"), use(north, "north"), use(values, "fusion"), use(id, "id");
}

void show_in_order(Session& session, const SequenceRow& sequence) {
  const auto id = sequence.id.text();
  const std::string column = sequence.sorted_by.ends_with("filename") ? "file_name" : "taken_at";
  const std::string way = sequence.sorted_by.starts_with('-') ? " desc" : "";
  if (sequence.sorted_by == "+gpsdate") {
    session.sql() << "update frames set shown_rank = null where sequence_id = :id", use(id, "id");
    return;
  }
  session.sql() << "update frames set shown_rank = ordered.place from (select id, row_number() over (order by " + column + way +
                       ", id) as place from frames where sequence_id = :id) as ordered where ordered.id = frames.id",
      use(id, "id");
}

void update_owners_words(Session& session, const SequenceRow& sequence) {
  const auto id = sequence.id.text();
  const long long updated = micros_of(sequence.updated_at);
  const auto visibility = bound(sequence.visibility);
  const auto deleted = bound(sequence.deleted_at);
  session.sql() << "update sequences set updated_at = :updated, title = :title, sorted_by = :sorted, visibility = :visibility, "
                   "deleted_at = :deleted where id = :id",
      use(updated, "updated"), use(sequence.title, "title"), use(sequence.sorted_by, "sorted"),
      use(visibility.value, visibility.indicator, "visibility"), use(deleted.value, deleted.indicator, "deleted"), use(id, "id");
}

std::optional<SequenceRow> find_sequence(Session& session, SequenceId id) {
  const auto text = id.text();
  return first_from((session.sql().prepare << "select * from sequences where id = :id", use(text, "id")), sequence_from);
}

std::vector<SequenceRow> sequences_of_set(Session& session, UploadSetId id) {
  const auto text = id.text();
  return all_from((session.sql().prepare << "select * from sequences where upload_set_id = :id order by first_taken_at, id", use(text, "id")), sequence_from);
}

std::vector<SequenceId> sequences_within(Session& session, const GeoBounds& box, const std::optional<AccountId>& account) {
  Conditions conditions;
  conditions.add(overlaps(box));
  if (account) conditions.add("account_id = '" + account->text() + "'");
  return all_from((session.sql().prepare << "select id from sequences" + conditions.text() + " order by id"), id_from<SequenceId>);
}

UtcTime time_of(const SequenceRow& sequence, SequencePage::Order order) {
  if (order == SequencePage::Order::updated) return sequence.updated_at;
  return order == SequencePage::Order::taken ? sequence.first_taken_at : sequence.created_at;
}

std::vector<SequenceRow> list_sequences(Session& session, const SequencePage& page) {
  Conditions conditions;
  if (page.gone_too) {
    conditions.add("(state = 'ready' or deleted_at is not null)");
  } else {
    conditions.add("state = 'ready' and deleted_at is null and " + visible_to(page.viewer));
  }
  if (page.account) conditions.add("account_id = '" + page.account->text() + "'");
  if (page.within) {
    conditions.add(overlaps(*page.within));
  }
  if (page.taken_after) conditions.add("last_taken_at >= " + std::to_string(micros_of(*page.taken_after)));
  if (page.taken_before) conditions.add("first_taken_at <= " + std::to_string(micros_of(*page.taken_before)));
  if (!page.filter.condition.empty()) conditions.add("(" + page.filter.condition + ")");
  using Order = SequencePage::Order;
  const std::string column = page.order == Order::created ? "created_at" : page.order == Order::updated ? "updated_at" : "first_taken_at";
  const bool falling = page.descending != page.backwards;
  if (page.beyond) {
    const auto at = std::to_string(micros_of(page.beyond->first));
    const std::string sign = falling ? " < " : " > ";
    conditions.add("(" + column + sign + at + " or (" + column + " = " + at + " and id" + sign + "'" + page.beyond->second.text() + "'))");
  }
  const std::string way = falling ? " desc" : "";
  auto prepared = (session.sql().prepare << "select * from sequences" + conditions.text() + " order by " + column + way + ", id" + way + " limit " + std::to_string(page.limit));
  bind(page.filter, prepared);
  auto sequences = all_from(prepared, sequence_from);
  if (page.backwards) std::ranges::reverse(sequences);
  return sequences;
}

std::optional<DataExtent> data_extent(Session& session) {
  soci::rowset<soci::row> rows =
      (session.sql().prepare << "select count(*) as sequences, coalesce(min(west_e7), 0) as west, coalesce(min(south_e7), 0) as south, "
                                "coalesce(max(east_e7), 0) as east, coalesce(max(north_e7), 0) as north, cast(coalesce(min(first_taken_at), 0) as text) as first, "
                                "cast(coalesce(max(last_taken_at), 0) as text) as last from sequences where state = 'ready' and accepted > 0 and "
                                "deleted_at is null and shown_to = 'anyone'");
  for (const auto& row : rows) {
    if (int_of(row, "sequences") == 0) break;
    const auto degrees = [&row](const char* name) { return static_cast<double>(int_of(row, name)) * 1e-7; };
    return DataExtent{{degrees("west"), degrees("south"), degrees("east"), degrees("north")}, time_of(row, "first"), time_of(row, "last")};
  }
  return std::nullopt;
}

}  // namespace cairn::store
