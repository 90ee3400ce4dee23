#include "services/store/jobs.hpp"

#include "core/ordered_uuid.hpp"
#include "services/store/rows.hpp"

#include <algorithm>
#include <tuple>

namespace cairn::store {
namespace {

using soci::use;

LeasedJob job_from(const soci::row& row) {
  return {text_of_row(row, "id"),
          stage_from_name(text_of_row(row, "stage")).value_or(Stage::decode),
          text_of_row(row, "key"),
          text_of_row(row, "tenant"),
          text_of_row(row, "lease_token"),
          static_cast<int>(int_of(row, "attempts")),
          static_cast<int>(int_of(row, "deaths")),
          int_of(row, "turn")};
}

std::vector<LeasedJob> jobs_where(soci::session& sql, const std::string& condition) {
  std::vector<LeasedJob> jobs;
  const std::string query = "select id, stage, key, tenant, coalesce(lease_token, '') as lease_token, turn, attempts, deaths from jobs where " + condition;
  soci::rowset<soci::row> rows = (sql.prepare << query);
  for (const auto& row : rows) jobs.push_back(job_from(row));
  return jobs;
}

// Each state has an index of its own. SQLite, which keeps no statistics, would rather walk through all jobs of a stage by the index
// on (stage, key): where both are asked for, `stage || ''` keeps it from that.

/// Stage names come from our own table, so they may stand in the text of a query.
std::string stages_list(const std::vector<Stage>& stages) {
  std::string list;
  for (const auto stage : stages) list += (list.empty() ? "'" : ", '") + std::string{name_of(stage)} + "'";
  return list;
}

bool holds(soci::session& sql, const LeasedJob& job) {
  int count = 0;
  sql << "select count(*) from jobs where id = :id and state = 'leased' and lease_token = :token", use(job.id, "id"),
      use(job.token, "token"), soci::into(count);
  return count == 1;
}

void requeue(soci::session& sql, const std::string& id, UtcTime now, std::chrono::milliseconds delay = {}) {
  const long long at = micros_of(now + delay);
  const std::string state = delay.count() > 0 ? "delayed" : "queued";
  sql << "update jobs set state = :state, lease_until = null, lease_token = null, again = 0, run_at = :at where id = :id",
      use(state, "state"), use(at, "at"), use(id, "id");
}

/// The highest turn that was leased.
long long turn_being_served(soci::session& sql) {
  long long turn = 0;
  sql << "select coalesce(max(last), 0) from turns where stage = '' and tenant = ''", soci::into(turn);
  return turn;
}

/// The turn of a tenant's new job; the next one comes `weight` later.
long long take_turn(soci::session& sql, const std::string& stage, const std::string& tenant, int weight) {
  long long last = 0;
  sql << "insert into turns(stage, tenant, last) values (:stage, :tenant, "
         "(select coalesce(max(last), 0) from turns where stage = '' and tenant = '') + :weight) on conflict (stage, tenant) do update set "
         "last = case when turns.last < excluded.last - :weight then excluded.last else turns.last + :weight end returning last",
      use(stage, "stage"), use(tenant, "tenant"), use(weight, "weight"), soci::into(last);
  return last - weight;
}

void serve_turn(soci::session& sql, long long turn) {
  sql << "insert into turns(stage, tenant, last) values ('', '', :turn) on conflict (stage, tenant) do update set "
         "last = case when turns.last < excluded.last then excluded.last else turns.last end",
      use(turn, "turn");
}

void quarantine(soci::session& sql, const std::string& id) {
  sql << "update jobs set state = 'quarantined', lease_until = null, lease_token = null where id = :id", use(id, "id");
}

}  // namespace

std::string_view name_of(Stage stage) {
  switch (stage) {
    case Stage::decode: return "decode";
    case Stage::assemble: return "assemble";
    case Stage::inspect: return "inspect";
    case Stage::fuse: return "fuse";
    case Stage::merge: return "merge";
    case Stage::tile: return "tile";
  }
  return "decode";
}

std::optional<Stage> stage_from_name(std::string_view name) {
  for (const auto stage : kStages) {
    if (name_of(stage) == name) return stage;
  }
  return std::nullopt;
}

void enqueue(Session& session, const NewJob& job) {
  auto& sql = session.sql();
  const auto id = ordered_uuid(job.now).text();
  const std::string stage{name_of(job.stage)};
  const long long run_at = micros_of(job.now + job.delay);
  const std::string state = job.delay.count() > 0 ? "delayed" : "queued";
  const int priority = static_cast<int>(job.stage);
  const long long turn = job.tenant.empty() ? turn_being_served(sql) : take_turn(sql, stage, job.tenant, job.weight);
  sql << "insert into jobs(id, stage, key, state, priority, turn, tenant, run_at, attempts, deaths, again) "
         "values (:id, :stage, :key, :state, :priority, :turn, :tenant, :run_at, 0, 0, 0) "
         "on conflict (stage, key) do update set "
         "again = case when jobs.state = 'leased' then 1 else 0 end, "
         "attempts = case when jobs.state = 'quarantined' then 0 else jobs.attempts end, "
         "deaths = case when jobs.state = 'quarantined' then 0 else jobs.deaths end, "
         "run_at = case when jobs.run_at < excluded.run_at and jobs.state in ('queued', 'delayed') then jobs.run_at else excluded.run_at end, "
         "state = case when jobs.state in ('leased', 'queued') then jobs.state else excluded.state end",
      use(id, "id"), use(stage, "stage"), use(job.key, "key"), use(state, "state"), use(priority, "priority"), use(turn, "turn"),
      use(job.tenant, "tenant"), use(run_at, "run_at");
}

bool work_waits(Session& session, UtcTime now) {
  const long long at = micros_of(now);
  int waits = 0;
  session.sql() << "select exists (select 1 from jobs where state = 'queued') or exists (select 1 from jobs where state = 'delayed' and run_at <= :now)", use(at, "now"),
      soci::into(waits);
  return waits != 0;
}

std::vector<LeasedJob> lease(Session& session, const std::vector<Stage>& stages, int most, UtcTime now, const LeaseRules& rules) {
  if (most <= 0 || stages.empty()) return {};
  auto& sql = session.sql();
  const long long at = micros_of(now);
  sql << "update jobs set state = 'queued' where state = 'delayed' and run_at <= :now", use(at, "now");
  const long long until = micros_of(now + rules.lease);
  const auto token = Uuid::random().text() + ".";
  std::vector<LeasedJob> jobs;
  LeasedJob next;
  std::string stage;
  long long turn = 0;
  soci::statement leasing =
      (sql.prepare << "update jobs set state = 'leased', lease_until = :until, lease_token = :token || id, again = 0 where id in "
                      "(select id from jobs where state = 'queued' and stage || '' in (" + stages_list(stages) + ") order by turn, priority desc, id limit :most) "
                      "returning id, stage, key, tenant, lease_token, turn, attempts, deaths",
       use(until, "until"), use(token, "token"), use(most, "most"), soci::into(next.id), soci::into(stage), soci::into(next.key),
       soci::into(next.tenant), soci::into(next.token), soci::into(turn), soci::into(next.attempts), soci::into(next.deaths));
  leasing.execute();
  while (leasing.fetch()) {
    next.stage = stage_from_name(stage).value_or(Stage::decode);
    next.turn = turn;
    jobs.push_back(next);
  }
  std::ranges::sort(jobs, {}, [](const LeasedJob& job) { return std::tuple{job.turn, -static_cast<int>(job.stage), job.id}; });
  if (!jobs.empty()) serve_turn(sql, jobs.back().turn);
  return jobs;
}

void renew(Session& session, const std::vector<LeasedJob>& jobs, UtcTime now, const LeaseRules& rules) {
  const long long until = micros_of(now + rules.lease);
  for (const auto& job : jobs) {
    session.sql() << "update jobs set lease_until = :until where id = :id and lease_token = :token", use(until, "until"),
        use(job.id, "id"), use(job.token, "token");
  }
}

bool complete(Session& session, const LeasedJob& job, UtcTime now) {
  auto& sql = session.sql();
  soci::statement remove = (sql.prepare << "delete from jobs where id = :id and state = 'leased' and lease_token = :token and again = 0",
                            use(job.id, "id"), use(job.token, "token"));
  remove.execute(true);
  if (remove.get_affected_rows() == 1) return true;
  if (!holds(sql, job)) return false;
  sql << "update jobs set attempts = 0, deaths = 0 where id = :id", use(job.id, "id");
  requeue(sql, job.id, now);
  return true;
}

bool fail(Session& session, const LeasedJob& job, const std::string& error, UtcTime now, std::chrono::milliseconds delay,
          const LeaseRules& rules) {
  auto& sql = session.sql();
  if (!holds(sql, job)) return false;
  sql << "update jobs set attempts = attempts + 1, last_error = :error where id = :id", use(error, "error"), use(job.id, "id");
  if (job.attempts + 1 >= rules.most_failures) {
    quarantine(sql, job.id);
  } else {
    requeue(sql, job.id, now, delay);
  }
  return true;
}

bool postpone(Session& session, const LeasedJob& job, const std::string& error, UtcTime now, std::chrono::milliseconds delay) {
  auto& sql = session.sql();
  if (!holds(sql, job)) return false;
  sql << "update jobs set last_error = :error where id = :id", use(error, "error"), use(job.id, "id");
  requeue(sql, job.id, now, delay);
  return true;
}

void release(Session& session, const LeasedJob& job, UtcTime now) {
  if (holds(session.sql(), job)) requeue(session.sql(), job.id, now);
}

bool count_death(Session& session, const LeasedJob& job, UtcTime now, const LeaseRules& rules) {
  auto& sql = session.sql();
  if (!holds(sql, job)) return false;
  const std::string error = "its worker died or fell silent";
  sql << "update jobs set deaths = deaths + 1, last_error = :error where id = :id", use(error, "error"), use(job.id, "id");
  if (job.deaths + 1 >= rules.most_deaths) {
    quarantine(sql, job.id);
    return true;
  }
  requeue(sql, job.id, now);
  return true;
}

void forget_old_turns(Session& session) {
  const long long turn = turn_being_served(session.sql());
  session.sql() << "delete from turns where last <= :turn and stage <> ''", use(turn, "turn");
}

std::vector<LeasedJob> expire(Session& session, UtcTime now, const LeaseRules& rules) {
  std::vector<LeasedJob> quarantined_now;
  for (const auto& job : jobs_where(session.sql(), "state = 'leased' and lease_until < " + std::to_string(micros_of(now)))) {
    count_death(session, job, now, rules);
    if (job.deaths + 1 >= rules.most_deaths) quarantined_now.push_back(job);
  }
  return quarantined_now;
}

std::vector<QueueDepth> queue_depths(Session& session) {
  std::vector<QueueDepth> depths;
  for (const auto stage : kStages) depths.push_back({.stage = stage});
  soci::rowset<soci::row> rows = (session.sql().prepare << "select stage, state, count(*) as jobs, min(run_at) as oldest from jobs group by stage, state");
  for (const auto& row : rows) {
    const auto stage = stage_from_name(text_of_row(row, "stage"));
    if (!stage) continue;
    auto& depth = *std::ranges::find(depths, *stage, &QueueDepth::stage);
    const auto state = text_of_row(row, "state");
    const int count = static_cast<int>(int_of(row, "jobs"));
    if (state == "queued" || state == "delayed") {
      depth.queued += count;
      const auto oldest = maybe_time(row, "oldest");
      if (!depth.oldest || (oldest && *oldest < *depth.oldest)) depth.oldest = oldest;
    } else if (state == "leased") {
      depth.leased = count;
    } else {
      depth.quarantined = count;
    }
  }
  return depths;
}

int jobs_queued(Session& session, Stage stage) {
  const std::string name{name_of(stage)};
  int count = 0;
  session.sql() << "select count(*) from jobs where state = 'queued' and stage || '' = :stage", use(name, "stage"), soci::into(count);
  return count;
}

std::vector<QuarantinedJob> quarantined(Session& session) {
  std::vector<QuarantinedJob> jobs;
  soci::rowset<soci::row> rows = (session.sql().prepare << "select id, stage, key, tenant, '' as lease_token, turn, coalesce(last_error, '') as last_error, attempts, deaths "
                                                           "from jobs where state = 'quarantined' order by stage, key");
  for (const auto& row : rows) {
    const auto job = job_from(row);
    jobs.push_back({job.id, job.stage, job.key, job.tenant, text_of_row(row, "last_error"), job.attempts, job.deaths});
  }
  return jobs;
}

int replay(Session& session, const std::string& id, UtcTime now) {
  const long long at = micros_of(now);
  soci::statement statement = (session.sql().prepare << "update jobs set state = 'queued', run_at = :at, attempts = 0, deaths = 0 "
                                                        "where state = 'quarantined' and (id = :id or :every = '')",
                               use(at, "at"), use(id, "id"), use(id, "every"));
  statement.execute(true);
  return static_cast<int>(statement.get_affected_rows());
}

}  // namespace cairn::store
