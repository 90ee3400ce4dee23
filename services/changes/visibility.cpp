#include "services/changes/visibility.hpp"

#include "services/changes/dirty_tiles.hpp"
#include "services/store/jobs.hpp"
#include "services/store/rows.hpp"
#include "services/store/sequences.hpp"

namespace cairn::changes {
namespace {

using soci::use;

/// The strictest of several SQL expressions, of which some may be null.
std::string strictest(const std::string& list) {
  return "case when 'owner-only' in (" + list + ") then 'owner-only' when 'logged-only' in (" + list + ") then 'logged-only' else 'anyone' end";
}

/// Published frames of a set: id and place of each.
std::vector<std::pair<std::string, LatLon>> published_of_set(store::Session& session, const std::string& set) {
  std::vector<std::pair<std::string, LatLon>> frames;
  soci::rowset<soci::row> rows =
      (session.sql().prepare << "select id, lat_e7, lon_e7 from frames where upload_set_id = :set and published = 1 order by id", use(set, "set"));
  for (const auto& row : rows) {
    frames.emplace_back(store::text_of_row(row, "id"), LatLon::from_e7(store::int_of(row, "lat_e7"), store::int_of(row, "lon_e7")).value_or(LatLon{}));
  }
  return frames;
}

/// Runs a change of what is visible in a set: tiles of what came or went get dirty, sequences that changed are fused again.
template <class Change>
void changing(store::Session& session, UploadSetId set, UtcTime now, const Change& change) {
  const auto id = set.text();
  const auto before = published_of_set(session, id);
  change();
  refresh_shown_to(session, set);
  const auto after = published_of_set(session, id);
  if (before == after) return;
  std::vector<LatLon> places;
  for (const auto* frames : {&before, &after}) {
    for (const auto& [frame, place] : *frames) places.push_back(place);
  }
  mark_tiles_dirty(session, places, now);
  for (const auto& sequence : store::sequences_of_set(session, set)) fuse_again(session, sequence.id, now);
}

}  // namespace

bool is_visibility(const std::string& text) { return text == "anyone" || text == "logged-only" || text == "owner-only"; }

void refresh_shown_to(store::Session& session, UploadSetId set) {
  const auto id = set.text();
  session.sql() << "update sequences set shown_to = " +
                       strictest("visibility, (select u.visibility from upload_sets u where u.id = sequences.upload_set_id)") + " where upload_set_id = :set",
      use(id, "set");
  session.sql() << "update frames set shown_to = " +
                       strictest("visibility, (select s.visibility from sequences s where s.id = frames.sequence_id), "
                                 "(select u.visibility from upload_sets u where u.id = frames.upload_set_id)") +
                       " where upload_set_id = :set",
      use(id, "set");
  session.sql() << "update frames set published = case when shown_to = 'anyone' and state = 'fused' and reason is null and hd is not null and "
                   "sd is not null and thumb is not null then 1 else 0 end where upload_set_id = :set",
      use(id, "set");
}

void fuse_again(store::Session& session, SequenceId id, UtcTime now) {
  const auto sequence = store::find_sequence(session, id);
  if (!sequence || sequence->state == store::SequenceState::inspecting) return;
  store::enqueue(session, {.stage = store::Stage::fuse, .key = id.text(), .tenant = sequence->account.text(), .now = now});
}

void set_visibility_of_set(store::Session& session, UploadSetId set, const std::string& visibility, UtcTime now) {
  changing(session, set, now, [&] {
    const auto id = set.text();
    const long long at = micros_of(now);
    session.sql() << "update upload_sets set visibility = :visibility where id = :id", use(visibility, "visibility"), use(id, "id");
    session.sql() << "update sequences set updated_at = :at where upload_set_id = :id", use(at, "at"), use(id, "id");
  });
}

void set_visibility_of_sequence(store::Session& session, store::SequenceRow& sequence, const std::optional<std::string>& visibility, UtcTime now) {
  changing(session, sequence.upload_set, now, [&] {
    sequence.visibility = visibility;
    sequence.updated_at = now;
    store::update_owners_words(session, sequence);
  });
}

void set_visibility_of_frame(store::Session& session, const store::FrameRow& frame, const std::optional<std::string>& visibility, UtcTime now) {
  changing(session, frame.upload_set, now, [&] {
    const auto id = frame.id.text();
    const auto stated = store::bound(visibility);
    session.sql() << "update frames set visibility = :visibility where id = :id", use(stated.value, stated.indicator, "visibility"), use(id, "id");
  });
}

}  // namespace cairn::changes
