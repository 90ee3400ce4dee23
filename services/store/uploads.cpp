#include "services/store/uploads.hpp"

#include "services/store/rows.hpp"

namespace cairn::store {
namespace {

using soci::use;

UploadSet upload_set_from(const soci::row& row) {
  UploadSet set;
  set.id = id_of<UploadSetId>(row, "id");
  set.account = id_of<AccountId>(row, "account_id");
  set.title = text_of_row(row, "title");
  set.created_at = time_of(row, "created_at");
  set.completed_at = maybe_time(row, "completed_at");
  set.dispatched_at = maybe_time(row, "dispatched_at");
  if (const auto files = maybe_int(row, "estimated_files")) set.estimated_files = static_cast<int>(*files);
  set.rules_json = text_of_row(row, "rules");
  set.metadata_json = text_of_row(row, "metadata");
  set.user_agent = text_of_row(row, "user_agent");
  set.visibility = text_of_row(row, "visibility");
  set.one_sequence = maybe_id<SequenceId>(row, "one_sequence");
  return set;
}

}  // namespace

void insert_upload_set(Session& session, const UploadSet& set) {
  const auto id = set.id.text();
  const auto account = set.account.text();
  const long long created = micros_of(set.created_at);
  const auto completed = bound(set.completed_at);
  const auto estimated = bound(set.estimated_files);
  const auto sequence = bound(set.one_sequence);
  session.sql() << "insert into upload_sets(id, account_id, title, created_at, completed_at, estimated_files, rules, metadata, user_agent, "
                   "visibility, one_sequence) values (:id, :account, :title, :created, :completed, :estimated, :rules, :metadata, :agent, "
                   ":visibility, :sequence)",
      use(id, "id"), use(account, "account"), use(set.title, "title"), use(created, "created"),
      use(completed.value, completed.indicator, "completed"), use(estimated.value, estimated.indicator, "estimated"),
      use(set.rules_json, "rules"), use(set.metadata_json, "metadata"), use(set.user_agent, "agent"),
      use(set.visibility, "visibility"), use(sequence.value, sequence.indicator, "sequence");
}

void update_upload_set(Session& session, const UploadSet& set) {
  const auto id = set.id.text();
  session.sql() << "update upload_sets set title = :title, rules = :rules where id = :id", use(set.title, "title"), use(set.rules_json, "rules"), use(id, "id");
}

std::optional<UploadSet> find_upload_set(Session& session, UploadSetId id) {
  const auto text = id.text();
  return first_from((session.sql().prepare << "select * from upload_sets where id = :id and deleted_at is null", use(text, "id")), upload_set_from);
}

std::vector<UploadSet> upload_sets_of(Session& session, AccountId account, int limit, const Filter& filter) {
  const auto text = account.text();
  const auto condition = filter.condition.empty() ? std::string{} : " and (" + filter.condition + ")";
  auto prepared = (session.sql().prepare << "select * from upload_sets where account_id = :id and deleted_at is null" + condition + " order by created_at desc, id limit " + std::to_string(limit),
                   use(text, "id"));
  bind(filter, prepared);
  return all_from(prepared, upload_set_from);
}

void count_name(Session& session, UploadSetId id) {
  const auto text = id.text();
  session.sql() << "update upload_sets set names = names + 1 where id = :id", use(text, "id");
}

int names_in(Session& session, UploadSetId id) {
  const auto text = id.text();
  int names = 0;
  session.sql() << "select names from upload_sets where id = :id", use(text, "id"), soci::into(names);
  return names;
}

void set_completed(Session& session, UploadSetId id, std::optional<UtcTime> at) {
  const auto text = id.text();
  const auto time = bound(at);
  session.sql() << "update upload_sets set completed_at = :at where id = :id", use(time.value, time.indicator, "at"), use(text, "id");
}

void set_dispatched(Session& session, UploadSetId id, UtcTime at) {
  const auto text = id.text();
  const long long time = micros_of(at);
  session.sql() << "update upload_sets set dispatched_at = :at where id = :id", use(time, "at"), use(text, "id");
}

std::vector<UploadSetId> quiet_upload_sets(Session& session, UtcTime before) {
  const long long time = micros_of(before);
  return all_from((session.sql().prepare << "select id from upload_sets where completed_at is null and deleted_at is null "
                                            "and (select max(received_at) from files where upload_set_id = upload_sets.id) < :before order by id limit 100",
                   use(time, "before")),
                  id_from<UploadSetId>);
}

FrameCounts frame_counts(Session& session, UploadSetId id) {
  const auto text = id.text();
  FrameCounts counts;
  soci::rowset<soci::row> rows = (session.sql().prepare << "select case when reason is not null then 'refused' else state end as fate, "
                                                           "count(*) as frames, sum(published) as published from frames "
                                                           "where upload_set_id = :id group by fate",
                                  use(text, "id"));
  for (const auto& row : rows) {
    const auto fate = text_of_row(row, "fate");
    const int frames = static_cast<int>(int_of(row, "frames"));
    counts.published += static_cast<int>(int_of(row, "published"));
    if (fate == "decoded") counts.decoded = frames;
    if (fate == "assembled") counts.assembled = frames;
    if (fate == "inspected") counts.inspected = frames;
    if (fate == "fused") counts.fused = frames;
    if (fate == "refused") counts.refused = frames;
  }
  return counts;
}

}  // namespace cairn::store
