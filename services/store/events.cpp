#include "services/store/events.hpp"

#include "services/store/rows.hpp"

namespace cairn::store {

using soci::use;

void append_event(Session& session, UtcTime at, const std::string& kind, const std::string& subject_json) {
  const long long time = micros_of(at);
  session.sql() << "insert into events(seq, at, kind, subject) values ((select coalesce(max(seq), 0) + 1 from events), :at, :kind, :subject)",
      use(time, "at"), use(kind, "kind"), use(subject_json, "subject");
}

std::int64_t last_event(Session& session) {
  long long seq = 0;
  session.sql() << "select coalesce(max(seq), 0) from events", soci::into(seq);
  return seq;
}

std::vector<Event> events_since(Session& session, std::int64_t seq, int limit) {
  const long long since = seq;
  return all_from((session.sql().prepare << "select * from events where seq > :seq order by seq limit " + std::to_string(limit), use(since, "seq")),
                  [](const auto& row) { return Event{int_of(row, "seq"), time_of(row, "at"), text_of_row(row, "kind"), text_of_row(row, "subject")}; });
}

}  // namespace cairn::store
