#include "services/store/events.hpp"

#include "services/store/rows.hpp"

namespace cairn::store {

using soci::use;

void append_event(Session& session, UtcTime at, const std::string& kind, const std::string& subject_json) {
  const long long time = micros_of(at);
  session.sql() << "insert into events(seq, at, kind, subject) values ((select coalesce(max(seq), 0) + 1 from events), :at, :kind, :subject)",
      use(time, "at"), use(kind, "kind"), use(subject_json, "subject");
}

std::vector<Event> events_since(Session& session, std::int64_t seq, int limit) {
  const long long since = seq;
  return all_from((session.sql().prepare << "select * from events where seq > :seq order by seq limit " + std::to_string(limit), use(since, "seq")),
                  [](const auto& row) { return Event{int_of(row, "seq"), time_of(row, "at"), text_of_row(row, "kind"), text_of_row(row, "subject")}; });
}

KeptEvents kept_events(Session& session) {
  long long oldest = 0, newest = 0;
  // Apart: each is one look at an end of the index, together they are a walk over all of it on SQLite.
  session.sql() << "select coalesce((select min(seq) from events), 0), coalesce((select max(seq) from events), 0)", soci::into(oldest), soci::into(newest);
  return {oldest, newest};
}

std::size_t forget_events(Session& session, UtcTime time) {
  constexpr int kAtOnce = 1000;
  std::size_t old = 0;
  long long last = 0;
  for (const auto& event : events_since(session, 0, kAtOnce)) {
    if (event.at >= time) break;
    last = event.seq;
    ++old;
  }
  if (old == 0) return 0;
  soci::statement forget = (session.sql().prepare << "delete from events where seq <= :last and seq < (select max(seq) from events)", use(last, "last"));
  forget.execute(true);
  return static_cast<std::size_t>(forget.get_affected_rows());
}

}  // namespace cairn::store
