#include "services/store/visibility.hpp"

#include "services/store/rows.hpp"

namespace cairn::store {
namespace {

using soci::use;

/// The strictest of several SQL expressions, of which some may be null.
std::string strictest(const std::string& list) {
  return "case when 'owner-only' in (" + list + ") then 'owner-only' when 'logged-only' in (" + list + ") then 'logged-only' else 'anyone' end";
}

}  // namespace

void put_visibility(Session& session, UploadSetId set, const std::string& visibility, UtcTime now) {
  const auto id = set.text();
  const long long at = micros_of(now);
  session.sql() << "update upload_sets set visibility = :visibility where id = :id", use(visibility, "visibility"), use(id, "id");
  session.sql() << "update sequences set updated_at = :at where upload_set_id = :id", use(at, "at"), use(id, "id");
}

void put_visibility(Session& session, FrameId frame, const std::optional<std::string>& visibility) {
  const auto id = frame.text();
  const auto stated = bound(visibility);
  session.sql() << "update frames set visibility = :visibility where id = :id", use(stated.value, stated.indicator, "visibility"), use(id, "id");
}

void update_shown_to(Session& session, UploadSetId set) {
  const auto id = set.text();
  session.sql() << "update sequences set shown_to = " +
                       strictest("visibility, (select u.visibility from upload_sets u where u.id = sequences.upload_set_id)") + " where upload_set_id = :set",
      use(id, "set");
  session.sql() << "update frames set shown_to = " +
                       strictest("visibility, (select s.visibility from sequences s where s.id = frames.sequence_id), "
                                 "(select u.visibility from upload_sets u where u.id = frames.upload_set_id)") +
                       " where upload_set_id = :set",
      use(id, "set");
  session.sql() << "update frames set published = case when shown_to = 'anyone' and (state = 'fused' or verdict is not null) and reason is null and "
                   "hd is not null and sd is not null and thumb is not null then 1 else 0 end where upload_set_id = :set",
      use(id, "set");
}

std::vector<std::pair<FrameId, LatLon>> published_places(Session& session, UploadSetId set) {
  const auto id = set.text();
  return all_from((session.sql().prepare << "select id, lat_e7, lon_e7 from frames where upload_set_id = :set and published = 1 order by id", use(id, "set")),
                  [](const auto& row) { return std::pair{id_of<FrameId>(row, "id"), place_of(row)}; });
}

}  // namespace cairn::store
