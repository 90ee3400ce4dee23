#include "services/store/frames.hpp"

#include "services/codec/codec.hpp"
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

Stated stated_from(const soci::row& row) {
  Stated stated;
  stated.taken_at = maybe_time(row, "stated_at");
  if (const auto lat = maybe_int(row, "stated_lat_e7")) stated.place = LatLon::from_e7(*lat, int_of(row, "stated_lon_e7"));
  stated.heading_deg = maybe_double(row, "stated_heading_deg");
  stated.pitch_deg = maybe_double(row, "stated_pitch_deg");
  stated.roll_deg = maybe_double(row, "stated_roll_deg");
  return stated;
}

FrameRow frame_from(const soci::row& row) {
  FrameRow frame;
  frame.id = id_of<FrameId>(row, "id");
  frame.upload_set = id_of<UploadSetId>(row, "upload_set_id");
  frame.file = id_of<FileId>(row, "file_id");
  frame.account = id_of<AccountId>(row, "account_id");
  frame.file_name = text_of_row(row, "file_name");
  frame.content = digest_of(row, "content");
  frame.capture = codec::capture_from_json(text_of_row(row, "capture"));
  frame.sequence = maybe_id<SequenceId>(row, "sequence_id");
  frame.rank = static_cast<int>(int_of(row, "rank"));
  frame.state = frame_state_from(text_of_row(row, "state"));
  if (const auto json = maybe_text(row, "observation")) frame.observation = codec::observation_from_json(*json);
  if (const auto json = maybe_text(row, "verdict")) frame.verdict = codec::verdict_from_json(*json);
  frame.refusal = maybe_refusal(row);
  frame.duplicate_of = maybe_id<FrameId>(row, "duplicate_of");
  frame.taken_at = time_of(row, "taken_at");
  frame.place = LatLon::from_e7(int_of(row, "lat_e7"), int_of(row, "lon_e7")).value_or(LatLon{});
  frame.heading_deg = maybe_double(row, "heading_deg");
  frame.hd = maybe_digest(row, "hd");
  frame.sd = maybe_digest(row, "sd");
  frame.thumb = maybe_digest(row, "thumb");
  frame.published = int_of(row, "published") != 0;
  if (const auto ordinal = maybe_int(row, "line_ordinal")) frame.line_ordinal = static_cast<int>(*ordinal);
  if (const auto zoom = maybe_int(row, "line_zoom")) frame.line_zoom = static_cast<int>(*zoom);
  frame.shown_rank = static_cast<int>(maybe_int(row, "shown_rank").value_or(frame.rank));
  frame.shown_to = text_of_row(row, "shown_to");
  frame.stated = stated_from(row);
  return frame;
}

std::vector<FrameRow> frames_from(soci::rowset<soci::row>& rows) {
  std::vector<FrameRow> frames;
  for (const auto& row : rows) frames.push_back(frame_from(row));
  return frames;
}

template <class AnyId>
std::vector<FrameRow> frames_where(Session& session, const std::string& condition, const AnyId& id) {
  const auto text = id.text();
  soci::rowset<soci::row> rows = (session.sql().prepare << "select * from frames where " + condition, use(text, "id"));
  return frames_from(rows);
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
  sequence.batches_left = static_cast<int>(int_of(row, "batches_left"));
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

std::vector<SequenceRow> sequences_from(soci::rowset<soci::row>& rows) {
  std::vector<SequenceRow> sequences;
  for (const auto& row : rows) sequences.push_back(sequence_from(row));
  return sequences;
}

/// A condition in text form from numbers, ids and filters only: nothing a user wrote gets into it.
class Conditions {
 public:
  void add(const std::string& condition) { text_ += (text_.empty() ? " where " : " and ") + condition; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string e7_text(double deg) { return std::to_string(static_cast<std::int64_t>(deg * 1e7)); }

/// What a viewer may see of rows with account_id and shown_to.
std::string visible_to(const std::optional<AccountId>& viewer) {
  return viewer ? "(shown_to <> 'owner-only' or account_id = '" + viewer->text() + "')" : "shown_to = 'anyone'";
}

template <class AnyId>
std::string quoted_list(const std::vector<AnyId>& ids) {
  std::string list;
  for (const auto& id : ids) list += (list.empty() ? "'" : ", '") + id.text() + "'";
  return list;
}

}  // namespace

FrameState frame_state_from(const std::string& name) {
  for (const auto state : {FrameState::decoded, FrameState::assembled, FrameState::inspected, FrameState::fused}) {
    if (name_of(state) == name) return state;
  }
  return FrameState::decoded;
}

std::string_view name_of(FrameState state) {
  switch (state) {
    case FrameState::decoded: return "decoded";
    case FrameState::assembled: return "assembled";
    case FrameState::inspected: return "inspected";
    case FrameState::fused: return "fused";
  }
  return "decoded";
}

std::string_view name_of(SequenceState state) {
  switch (state) {
    case SequenceState::inspecting: return "inspecting";
    case SequenceState::fusing: return "fusing";
    case SequenceState::ready: return "ready";
  }
  return "inspecting";
}

void insert_frame(Session& session, const FrameRow& frame) {
  const auto id = frame.id.text();
  const auto set = frame.upload_set.text();
  const auto file = frame.file.text();
  const auto account = frame.account.text();
  const auto content = frame.content.hex();
  const auto capture = codec::to_json(frame.capture);
  const std::string state{name_of(frame.state)};
  const long long taken = micros_of(frame.taken_at);
  const long long lat = frame.place.lat_e7();
  const long long lon = frame.place.lon_e7();
  const long long morton = morton_of(frame.place);
  const auto heading = bound(frame.heading_deg);
  session.sql() << "insert into frames(id, upload_set_id, file_id, account_id, file_name, content, capture, state, taken_at, lat_e7, lon_e7, "
                   "heading_deg, morton) values (:id, :set, :file, :account, :name, :content, :capture, :state, :taken, :lat, :lon, "
                   ":heading, :morton) on conflict (id) do update set upload_set_id = excluded.upload_set_id, file_id = excluded.file_id, "
                   "account_id = excluded.account_id, content = excluded.content, "
                   "file_name = excluded.file_name, capture = excluded.capture, state = excluded.state, taken_at = excluded.taken_at, "
                   "lat_e7 = excluded.lat_e7, lon_e7 = excluded.lon_e7, heading_deg = excluded.heading_deg, morton = excluded.morton, "
                   "sequence_id = null, rank = null, shown_rank = null, observation = null, verdict = null, reason = null, detail = null, visibility = null, "
                   "shown_to = 'anyone', stated_at = null, stated_lat_e7 = null, stated_lon_e7 = null, stated_heading_deg = null, "
                   "stated_pitch_deg = null, stated_roll_deg = null where frames.reason = 'withdrawn'",
      use(id, "id"), use(set, "set"), use(file, "file"), use(account, "account"), use(frame.file_name, "name"),
      use(content, "content"), use(capture, "capture"), use(state, "state"), use(taken, "taken"), use(lat, "lat"),
      use(lon, "lon"), use(heading.value, heading.indicator, "heading"), use(morton, "morton");
}

void update_frame(Session& session, const FrameRow& frame) {
  const auto id = frame.id.text();
  const auto sequence = bound(frame.sequence ? std::optional{frame.sequence->text()} : std::nullopt);
  const std::string state{name_of(frame.state)};
  const auto observation = bound(frame.observation ? std::optional{codec::to_json(*frame.observation)} : std::nullopt);
  const auto verdict = bound(frame.verdict ? std::optional{codec::to_json(*frame.verdict)} : std::nullopt);
  const auto reason = bound(frame.refusal ? std::optional{std::string{code_of(frame.refusal->reason)}} : std::nullopt);
  const auto detail = bound(frame.refusal ? std::optional{frame.refusal->detail} : std::nullopt);
  const auto duplicate = bound(frame.duplicate_of ? std::optional{frame.duplicate_of->text()} : std::nullopt);
  const long long taken = micros_of(frame.taken_at);
  const long long lat = frame.place.lat_e7();
  const long long lon = frame.place.lon_e7();
  const long long morton = morton_of(frame.place);
  const auto heading = bound(frame.heading_deg);
  const auto hd = bound(frame.hd);
  const auto sd = bound(frame.sd);
  const auto thumb = bound(frame.thumb);
  const int published = frame.published ? 1 : 0;
  const auto ordinal = bound(frame.line_ordinal ? std::optional<std::int64_t>{*frame.line_ordinal} : std::nullopt);
  const auto zoom = bound(frame.line_zoom ? std::optional<std::int64_t>{*frame.line_zoom} : std::nullopt);
  session.sql() << "update frames set sequence_id = :sequence, rank = :rank, state = :state, observation = :observation, verdict = :verdict, "
                   "reason = :reason, detail = :detail, duplicate_of = :duplicate, taken_at = :taken, lat_e7 = :lat, lon_e7 = :lon, "
                   "morton = :morton, heading_deg = :heading, hd = :hd, sd = :sd, thumb = :thumb, published = :published, "
                   "line_ordinal = :ordinal, line_zoom = :zoom where id = :id",
      use(sequence.value, sequence.indicator, "sequence"), use(frame.rank, "rank"), use(state, "state"),
      use(observation.value, observation.indicator, "observation"), use(verdict.value, verdict.indicator, "verdict"),
      use(reason.value, reason.indicator, "reason"), use(detail.value, detail.indicator, "detail"),
      use(duplicate.value, duplicate.indicator, "duplicate"), use(taken, "taken"), use(lat, "lat"), use(lon, "lon"),
      use(morton, "morton"), use(heading.value, heading.indicator, "heading"), use(hd.value, hd.indicator, "hd"),
      use(sd.value, sd.indicator, "sd"), use(thumb.value, thumb.indicator, "thumb"), use(published, "published"),
      use(ordinal.value, ordinal.indicator, "ordinal"), use(zoom.value, zoom.indicator, "zoom"), use(id, "id");
}

void show_stated(FrameRow& frame) {
  const auto& stated = frame.stated;
  if (stated.taken_at) frame.taken_at = *stated.taken_at;
  if (stated.place) frame.place = *stated.place;
  if (stated.heading_deg) frame.heading_deg = stated.heading_deg;
}

void state(Session& session, FrameRow& frame, const Stated& stated) {
  auto& now = frame.stated;
  if (stated.taken_at) now.taken_at = stated.taken_at;
  if (stated.place) now.place = stated.place;
  if (stated.heading_deg) now.heading_deg = stated.heading_deg;
  if (stated.pitch_deg) now.pitch_deg = stated.pitch_deg;
  if (stated.roll_deg) now.roll_deg = stated.roll_deg;
  show_stated(frame);
  update_frame(session, frame);
  const auto id = frame.id.text();
  const auto at = bound(now.taken_at);
  const auto lat = bound(now.place ? std::optional<std::int64_t>{now.place->lat_e7()} : std::nullopt);
  const auto lon = bound(now.place ? std::optional<std::int64_t>{now.place->lon_e7()} : std::nullopt);
  const auto heading = bound(now.heading_deg);
  const auto pitch = bound(now.pitch_deg);
  const auto roll = bound(now.roll_deg);
  session.sql() << "update frames set stated_at = :at, stated_lat_e7 = :lat, stated_lon_e7 = :lon, stated_heading_deg = :heading, "
                   "stated_pitch_deg = :pitch, stated_roll_deg = :roll where id = :id",
      use(at.value, at.indicator, "at"), use(lat.value, lat.indicator, "lat"), use(lon.value, lon.indicator, "lon"),
      use(heading.value, heading.indicator, "heading"), use(pitch.value, pitch.indicator, "pitch"), use(roll.value, roll.indicator, "roll"),
      use(id, "id");
}

std::optional<FrameRow> find_frame(Session& session, FrameId id) {
  auto frames = frames_where(session, "id = :id", id);
  return frames.empty() ? std::nullopt : std::optional{std::move(frames.front())};
}

std::vector<FrameRow> frames_of_set(Session& session, UploadSetId id) {
  return frames_where(session, "upload_set_id = :id order by id", id);
}

std::vector<FrameRow> frames_of_sequence(Session& session, SequenceId id) {
  return frames_where(session, "sequence_id = :id order by rank", id);
}

std::vector<FrameRow> frames_of_sequence(Session& session, SequenceId id, int first_rank, int last_rank) {
  return frames_where(session,
                      "sequence_id = :id and rank between " + std::to_string(first_rank) + " and " + std::to_string(last_rank) + " order by rank",
                      id);
}

void insert_sequence(Session& session, const SequenceRow& sequence) {
  const auto id = sequence.id.text();
  const auto set = sequence.upload_set.text();
  const auto account = sequence.account.text();
  const long long created = micros_of(sequence.created_at);
  session.sql() << "insert into sequences(id, upload_set_id, account_id, title, created_at, updated_at, state, batches_left, frames, accepted, "
                   "first_taken_at, last_taken_at, length_m, west_e7, south_e7, east_e7, north_e7, fusion_values) "
                   "values (:id, :set, :account, :title, :created, :created, 'inspecting', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}') "
                   "on conflict (id) do nothing",
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
  session.sql() << "update sequences set updated_at = :updated, state = :state, batches_left = :batches, frames = :frames, "
                   "accepted = :accepted, first_taken_at = :first, last_taken_at = :last, length_m = :length, west_e7 = :west, "
                   "south_e7 = :south, east_e7 = :east, north_e7 = :north, fusion_values = :fusion where id = :id",
      use(updated, "updated"), use(state, "state"), use(sequence.batches_left, "batches"), use(sequence.frames, "frames"),
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
  soci::rowset<soci::row> rows = (session.sql().prepare << "select * from sequences where id = :id", use(text, "id"));
  auto sequences = sequences_from(rows);
  return sequences.empty() ? std::nullopt : std::optional{std::move(sequences.front())};
}

std::vector<SequenceRow> sequences_of_set(Session& session, UploadSetId id) {
  const auto text = id.text();
  soci::rowset<soci::row> rows =
      (session.sql().prepare << "select * from sequences where upload_set_id = :id order by first_taken_at, id", use(text, "id"));
  return sequences_from(rows);
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
    conditions.add("west_e7 <= " + e7_text(page.within->east_deg) + " and east_e7 >= " + e7_text(page.within->west_deg) +
                   " and south_e7 <= " + e7_text(page.within->north_deg) + " and north_e7 >= " + e7_text(page.within->south_deg));
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
  soci::rowset<soci::row> rows = prepared;
  auto sequences = sequences_from(rows);
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

std::vector<FrameRow> search_frames(Session& session, const FrameSearch& search) {
  Conditions conditions;
  conditions.add(search.viewer ? "(published = 1 or (state = 'fused' and reason is null and thumb is not null and " + visible_to(search.viewer) + "))" : "published = 1");
  if (search.within) {
    conditions.add("lon_e7 between " + e7_text(search.within->west_deg) + " and " + e7_text(search.within->east_deg) +
                   " and lat_e7 between " + e7_text(search.within->south_deg) + " and " + e7_text(search.within->north_deg));
  }
  if (search.taken_after) conditions.add("taken_at >= " + std::to_string(micros_of(*search.taken_after)));
  if (search.taken_before) conditions.add("taken_at <= " + std::to_string(micros_of(*search.taken_before)));
  if (!search.sequences.empty()) conditions.add("sequence_id in (" + quoted_list(search.sequences) + ")");
  if (!search.ids.empty()) conditions.add("id in (" + quoted_list(search.ids) + ")");
  const std::string rank = search.by_shown_rank ? "coalesce(shown_rank, rank)" : "rank";
  if (search.after_rank) conditions.add(rank + " > " + std::to_string(*search.after_rank));
  if (search.before_rank) conditions.add(rank + " < " + std::to_string(*search.before_rank));
  if (!search.filter.condition.empty()) conditions.add("(" + search.filter.condition + ")");
  using Order = FrameSearch::Order;
  const auto order = search.order == Order::time              ? "taken_at, id"
                     : search.order == Order::time_descending ? "taken_at desc, id desc"
                     : search.order == Order::rank            ? rank
                                                              : rank + " desc";
  auto prepared = (session.sql().prepare << "select * from frames" + conditions.text() + " order by " + order + " limit " + std::to_string(search.limit));
  bind(search.filter, prepared);
  soci::rowset<soci::row> rows = prepared;
  return frames_from(rows);
}

std::vector<FrameRow> published_frames_in(Session& session, TileId tile) {
  const auto range = morton_range_of(tile);
  soci::rowset<soci::row> rows = (session.sql().prepare << "select * from frames where published = 1 and morton >= " + std::to_string(range.first) +
                                                               " and morton < " + std::to_string(range.end) + " order by id");
  return frames_from(rows);
}

std::vector<LinePoint> line_points_through(Session& session, TileId tile) {
  const auto range = morton_range_of(tile);
  std::vector<LinePoint> points;
  soci::rowset<soci::row> rows =
      (session.sql().prepare << "select distinct near.sequence_id as sequence_id, near.line_ordinal as line_ordinal, near.lat_e7 as lat_e7, "
                                "near.lon_e7 as lon_e7, near.line_zoom as line_zoom from frames here join frames near "
                                "on near.sequence_id = here.sequence_id and near.line_ordinal between here.line_ordinal - 1 and "
                                "here.line_ordinal + 1 and near.published = 1 where here.published = 1 and here.morton >= " +
                                    std::to_string(range.first) + " and here.morton < " + std::to_string(range.end) + " order by 1, 2");
  for (const auto& row : rows) {
    points.push_back({id_of<SequenceId>(row, "sequence_id"), static_cast<int>(int_of(row, "line_ordinal")),
                      LatLon::from_e7(int_of(row, "lat_e7"), int_of(row, "lon_e7")).value_or(LatLon{}),
                      static_cast<int>(int_of(row, "line_zoom"))});
  }
  return points;
}

std::optional<FrameRow> first_published_frame(Session& session, SequenceId id) {
  auto frames = frames_where(session, "sequence_id = :id and published = 1 order by rank limit 1", id);
  return frames.empty() ? std::nullopt : std::optional{std::move(frames.front())};
}

std::vector<FrameRow> unpaid_frames(Session& session, UtcTime end) {
  soci::rowset<soci::row> rows = (session.sql().prepare << "select * from frames where state = 'fused' and reason is null and epoch is null "
                                                           "and taken_at < " + std::to_string(micros_of(end)) + " order by taken_at, id");
  return frames_from(rows);
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

std::vector<RefusalCount> refusal_counts(Session& session) {
  std::vector<RefusalCount> counts;
  soci::rowset<soci::row> rows =
      (session.sql().prepare << "select reason, count(*) as refused from (select reason from frames where reason is not null union all "
                                "select reason from files where reason is not null) as refusals group by reason order by reason");
  for (const auto& row : rows) counts.push_back({text_of_row(row, "reason"), static_cast<int>(int_of(row, "refused"))});
  return counts;
}

Totals totals(Session& session) {
  Totals totals;
  auto& sql = session.sql();
  const auto count = [&sql](const std::string& query, int& into) { sql << "select count(*) from " + query, soci::into(into); };
  count("files", totals.files);
  count("frames", totals.frames);
  count("frames where published = 1", totals.published);
  count("sequences", totals.sequences);
  count("features", totals.features);
  count("tiles where hash <> ''", totals.tiles);
  count("accounts", totals.accounts);
  return totals;
}

}  // namespace cairn::store
