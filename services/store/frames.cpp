#include "services/store/frames.hpp"

#include "services/codec/codec.hpp"
#include "services/store/conditions.hpp"
#include "services/store/frame_rows.hpp"

#include <algorithm>

namespace cairn::store {
namespace {

using soci::use;

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

template <class AnyId>
std::vector<FrameRow> frames_where(Session& session, const std::string& condition, const AnyId& id) {
  const auto text = id.text();
  soci::rowset<soci::row> rows = (session.sql().prepare << "select * from frames where " + condition, use(text, "id"));
  return frames_from(rows);
}

/// At most 16 tiles that cover a box together, as small as may be.
std::vector<TileId> tiles_over(const GeoBounds& box) {
  constexpr std::uint64_t kMost = 16;
  const auto corner = [](double lat, double lon) { return world_point_of(LatLon::from_degrees(std::clamp(lat, -90.0, 90.0), std::clamp(lon, -180.0, 180.0)).value_or(LatLon{})); };
  const auto north_west = corner(box.north_deg, box.west_deg), south_east = corner(box.south_deg, box.east_deg);
  for (int zoom = TileId::kMaxZoom; zoom >= 0; --zoom) {
    const auto first = tile_of(north_west, zoom), last = tile_of(south_east, zoom);
    if ((std::uint64_t{last.x()} - first.x() + 1) * (std::uint64_t{last.y()} - first.y() + 1) > kMost) continue;
    std::vector<TileId> tiles;
    for (auto y = first.y(); y <= last.y(); ++y) {
      for (auto x = first.x(); x <= last.x(); ++x) tiles.push_back(*TileId::from_zxy(zoom, x, y));
    }
    return tiles;
  }
  return {};
}

}  // namespace

std::vector<FrameRow> frames_from(soci::rowset<soci::row>& rows) {
  std::vector<FrameRow> frames;
  for (const auto& row : rows) frames.push_back(frame_from(row));
  return frames;
}

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

bool is_withdrawn(const FrameRow& frame) { return frame.refusal && is_taken_away(frame.refusal->reason); }

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
                   "stated_pitch_deg = null, stated_roll_deg = null where frames.reason in " + std::string{kTakenAway},
      use(id, "id"), use(set, "set"), use(file, "file"), use(account, "account"), use(frame.file_name, "name"),
      use(content, "content"), use(capture, "capture"), use(state, "state"), use(taken, "taken"), use(lat, "lat"),
      use(lon, "lon"), use(heading.value, heading.indicator, "heading"), use(morton, "morton");
}

void update_early_frame(Session& session, const FrameRow& frame) {
  const auto id = frame.id.text();
  const auto file = frame.file.text();
  const auto content = frame.content.hex();
  const auto capture = codec::to_json(frame.capture);
  session.sql() << "update frames set content = :content, capture = :capture where id = :id and file_id = :file and state = 'decoded' and reason is null",
      use(content, "content"), use(capture, "capture"), use(id, "id"), use(file, "file");
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

std::vector<FrameRow> frames_of_file(Session& session, FileId id) { return frames_where(session, "file_id = :id order by id", id); }

std::vector<FrameRow> frames_within(Session& session, const GeoBounds& box, const std::optional<AccountId>& account) {
  const auto in_box = "lat_e7 between " + e7_text(box.south_deg) + " and " + e7_text(box.north_deg) + " and lon_e7 between " + e7_text(box.west_deg) + " and " +
                      e7_text(box.east_deg);
  std::string nearby;  // a few ranges of the place index instead of the whole table
  for (const auto tile : tiles_over(box)) {
    const auto range = morton_range_of(tile);
    nearby += (nearby.empty() ? "" : " or ") + ("(morton >= " + std::to_string(range.first)) + " and morton < " + std::to_string(range.end) + ")";
  }
  const auto whose = account ? " and account_id = '" + account->text() + "'" : std::string{};
  soci::rowset<soci::row> rows = (session.sql().prepare << "select * from frames where (((" + nearby + ") and " + in_box + ") or stated_lat_e7 is not null)" + whose + " order by id");
  return frames_from(rows);
}

std::vector<FrameRow> frames_of_sequence(Session& session, SequenceId id) {
  return frames_where(session, "sequence_id = :id order by rank", id);
}

bool awaits_inspection(Session& session, SequenceId id) {
  const auto text = id.text();
  std::string waiting;
  // From the end: batches are inspected in order, so that the first row looked at is the answer until the last one is through.
  session.sql() << "select id from frames where sequence_id = :id and state = 'assembled' and (reason is null or reason not in " + std::string{kTakenAway} + ") "
                   "order by rank desc limit 1",
      use(text, "id"), soci::into(waiting);
  return session.sql().got_data();
}

std::vector<FrameRow> frames_of_sequence(Session& session, SequenceId id, int first_rank, int last_rank) {
  return frames_where(session,
                      "sequence_id = :id and rank between " + std::to_string(first_rank) + " and " + std::to_string(last_rank) + " order by rank",
                      id);
}

}  // namespace cairn::store
