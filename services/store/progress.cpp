#include "services/store/progress.hpp"

#include "services/store/rows.hpp"

namespace cairn::store {
namespace {

using soci::use;

/// The set's own jobs: of its files, its frames' sequences and itself. A sequence's batches are keyed "<sequence>:<number>".
constexpr const char* kOwnJobs =
    "select jobs.id, jobs.stage, jobs.turn, jobs.state from jobs join files on jobs.stage = 'decode' and jobs.key = files.id "
    "where files.upload_set_id = :set1 "
    "union all select id, stage, turn, state from jobs where stage = 'assemble' and key = :set2 "
    "union all select jobs.id, jobs.stage, jobs.turn, jobs.state from sequences join jobs on jobs.stage = 'fuse' and jobs.key = sequences.id "
    "where sequences.upload_set_id = :set3 "
    "union all select jobs.id, jobs.stage, jobs.turn, jobs.state from sequences join jobs on jobs.stage = 'inspect' and "
    "jobs.key >= sequences.id || ':' and jobs.key < sequences.id || ';' where sequences.upload_set_id = :set4";

void add(JobCounts& counts, const soci::row& row) {
  const auto stage = stage_from_name(text_of_row(row, "stage"));
  if (stage) counts[static_cast<std::size_t>(*stage)] += static_cast<int>(int_of(row, "jobs"));
}

FrameFate fate_from(const soci::row& row) {
  FrameFate fate;
  fate.id = id_of<FrameId>(row, "id");
  fate.file = id_of<FileId>(row, "file_id");
  fate.file_name = text_of_row(row, "file_name");
  fate.taken_at = time_of(row, "taken_at");
  fate.state = frame_state_from(text_of_row(row, "state"));
  fate.published = int_of(row, "published") != 0;
  fate.place = place_of(row);
  fate.refusal = maybe_refusal(row);
  fate.sequence = maybe_id<SequenceId>(row, "sequence_id");
  fate.duplicate_of = maybe_id<FrameId>(row, "duplicate_of");
  return fate;
}

}  // namespace

std::vector<FrameFate> frame_fates(Session& session, UploadSetId id) {
  const auto set = id.text();
  return all_from((session.sql().prepare << "select id, file_id, file_name, taken_at, state, published, lat_e7, lon_e7, reason, detail, sequence_id, duplicate_of "
                                            "from frames where upload_set_id = :set order by taken_at, id",
                   use(set, "set")),
                  fate_from);
}

std::set<FileId> files_being_decoded(Session& session, UploadSetId id) {
  const auto set = id.text();
  std::set<FileId> files;
  soci::rowset<soci::row> rows =
      (session.sql().prepare << "select files.id from jobs join files on jobs.key = files.id where jobs.state = 'leased' and jobs.stage || '' = 'decode' "
                                "and files.upload_set_id = :set",
       use(set, "set"));
  for (const auto& row : rows) files.insert(id_of<FileId>(row, "id"));
  return files;
}

bool tile_waits(Session& session, TileId base_tile) {
  const auto key = "map/" + base_tile.text();
  int jobs = 0;
  session.sql() << "select count(*) from jobs where stage = 'tile' and key = :key and state <> 'quarantined'", use(key, "key"), soci::into(jobs);
  return jobs > 0;
}

QueuePlace queue_place(Session& session, UploadSetId id) {
  const auto set = id.text();
  auto& sql = session.sql();
  QueuePlace place;
  soci::rowset<soci::row> own = (sql.prepare << "select stage, count(*) as jobs, max(turn) as last from (" + std::string{kOwnJobs} +
                                                    ") as own where state <> 'quarantined' group by stage",
                                 use(set, "set1"), use(set, "set2"), use(set, "set3"), use(set, "set4"));
  long long last = -1;
  for (const auto& row : own) {
    add(place.own, row);
    last = std::max<long long>(last, int_of(row, "last"));
  }
  if (last < 0) return place;
  soci::rowset<soci::row> before =
      (sql.prepare << "select stage, count(*) as jobs from (select stage from jobs where state = 'leased' union all "
                   "select stage from jobs where state = 'queued' and turn <= :last) as before group by stage",
       use(last, "last"));
  for (const auto& row : before) add(place.before, row);
  for (std::size_t i = 0; i < place.before.size(); ++i) place.before[i] = std::max(0, place.before[i] - place.own[i]);
  return place;
}

Pace pace(Session& session) {
  Pace pace;
  soci::rowset<soci::row> rows = (session.sql().prepare << "select * from pace");
  for (const auto& row : rows) {
    const auto stage = stage_from_name(text_of_row(row, "stage"));
    if (!stage) continue;
    pace.seconds_per_job[static_cast<std::size_t>(*stage)] = double_of(row, "seconds_per_job");
    pace.workers = static_cast<int>(int_of(row, "workers"));
  }
  return pace;
}

void note_pace(Session& session, const Pace& pace) {
  for (const auto stage : kStages) {
    const auto seconds = pace.seconds_per_job[static_cast<std::size_t>(stage)];
    if (!seconds) continue;
    const std::string name{name_of(stage)};
    session.sql() << "insert into pace(stage, seconds_per_job, workers) values (:stage, :seconds, :workers) on conflict (stage) do update set "
                     "seconds_per_job = excluded.seconds_per_job, workers = excluded.workers",
        use(name, "stage"), use(*seconds, "seconds"), use(pace.workers, "workers");
  }
}

}  // namespace cairn::store
