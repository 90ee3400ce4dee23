#include "services/store/frames.hpp"

#include "services/codec/codec.hpp"
#include "services/store/conditions.hpp"
#include "services/store/frame_rows.hpp"

#include <algorithm>

namespace cairn::store {
namespace {

using soci::use;

template <class AnyId>
std::vector<FrameRow> frames_where(Session& session, const std::string& condition, const AnyId& id) {
  const auto text = id.text();
  return all_from((session.sql().prepare << "select * from frames where " + condition, use(text, "id")), frame_from);
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
  const auto sequence = bound(frame.sequence);
  const std::string state{name_of(frame.state)};
  const auto observation = bound(frame.observation ? std::optional{codec::to_json(*frame.observation)} : std::nullopt);
  const auto verdict = bound(frame.verdict ? std::optional{codec::to_json(*frame.verdict)} : std::nullopt);
  const auto reason = bound_reason(frame.refusal);
  const auto detail = bound_detail(frame.refusal);
  const auto duplicate = bound(frame.duplicate_of);
  const long long taken = micros_of(frame.taken_at);
  const long long lat = frame.place.lat_e7();
  const long long lon = frame.place.lon_e7();
  const long long morton = morton_of(frame.place);
  const auto heading = bound(frame.heading_deg);
  const auto hd = bound(frame.hd);
  const auto sd = bound(frame.sd);
  const auto thumb = bound(frame.thumb);
  const int published = frame.published ? 1 : 0;
  const auto ordinal = bound(frame.line_ordinal);
  const auto zoom = bound(frame.line_zoom);
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
  const auto whose = account ? " and account_id = '" + account->text() + "'" : std::string{};
  return all_from((session.sql().prepare << "select * from frames where ((" + lies_within(box) + ") or stated_lat_e7 is not null)" + whose + " order by id"), frame_from);
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
