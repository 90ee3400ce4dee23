#include "services/store/uploads.hpp"

#include "services/store/conditions.hpp"
#include "services/store/rows.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cairn::store {
namespace {

using soci::use;

std::string name_of(FileState state) {
  switch (state) {
    case FileState::received: return "received";
    case FileState::decoded: return "decoded";
    case FileState::refused: return "refused";
  }
  return "received";
}

FileState file_state_from(const std::string& name) {
  if (name == "decoded") return FileState::decoded;
  return name == "refused" ? FileState::refused : FileState::received;
}

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

std::vector<Refusal> notes_from(const std::string& text) {
  std::vector<Refusal> notes;
  for (const auto& entry : nlohmann::json::parse(text)) {
    if (const auto reason = reason_from_code(entry.at(0).get<std::string>())) notes.push_back({*reason, entry.at(1).get<std::string>()});
  }
  return notes;
}

ReceivedFile file_from(const soci::row& row) {
  ReceivedFile file;
  file.id = id_of<FileId>(row, "id");
  file.upload_set = id_of<UploadSetId>(row, "upload_set_id");
  file.account = id_of<AccountId>(row, "account_id");
  file.name = text_of_row(row, "name");
  file.kind = text_of_row(row, "kind");
  file.content = digest_of(row, "content");
  file.md5 = text_of_row(row, "md5");
  if (auto scan = text_of_row(row, "scan_hash"); !scan.empty()) file.scan_hash = std::move(scan);
  file.size = int_of(row, "size");
  file.received_at = time_of(row, "received_at");
  file.overrides_json = text_of_row(row, "overrides");
  file.frame = maybe_id<FrameId>(row, "frame_id");
  file.state = file_state_from(text_of_row(row, "state"));
  file.frames = static_cast<int>(int_of(row, "frames"));
  file.refusal = maybe_refusal(row);
  file.notes = notes_from(text_of_row(row, "notes"));
  return file;
}

template <class AnyId>
std::vector<ReceivedFile> files_where(Session& session, const std::string& condition, const AnyId& id) {
  const auto text = id.text();
  std::vector<ReceivedFile> files;
  soci::rowset<soci::row> rows = (session.sql().prepare << "select * from files where " + condition, use(text, "id"));
  for (const auto& row : rows) files.push_back(file_from(row));
  return files;
}

std::optional<std::string> code_of_refusal(const std::optional<Refusal>& refusal) {
  return refusal ? std::optional{std::string{code_of(refusal->reason)}} : std::nullopt;
}

}  // namespace

void insert_upload_set(Session& session, const UploadSet& set) {
  const auto id = set.id.text();
  const auto account = set.account.text();
  const long long created = micros_of(set.created_at);
  const auto completed = bound(set.completed_at);
  const auto estimated = bound(set.estimated_files ? std::optional<std::int64_t>{*set.estimated_files} : std::nullopt);
  const auto sequence = bound(set.one_sequence ? std::optional{set.one_sequence->text()} : std::nullopt);
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
  soci::rowset<soci::row> rows =
      (session.sql().prepare << "select * from upload_sets where id = :id and deleted_at is null", use(text, "id"));
  for (const auto& row : rows) return upload_set_from(row);
  return std::nullopt;
}

std::vector<UploadSet> upload_sets_of(Session& session, AccountId account, int limit, const Filter& filter) {
  const auto text = account.text();
  std::vector<UploadSet> sets;
  const auto condition = filter.condition.empty() ? std::string{} : " and (" + filter.condition + ")";
  auto prepared = (session.sql().prepare << "select * from upload_sets where account_id = :id and deleted_at is null" + condition + " order by created_at desc, id limit " + std::to_string(limit),
                   use(text, "id"));
  bind(filter, prepared);
  soci::rowset<soci::row> rows = prepared;
  for (const auto& row : rows) sets.push_back(upload_set_from(row));
  return sets;
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
  std::vector<UploadSetId> ids;
  soci::rowset<soci::row> rows =
      (session.sql().prepare << "select s.id as id from upload_sets s join files f on f.upload_set_id = s.id "
                                "where s.completed_at is null and s.deleted_at is null group by s.id having max(f.received_at) < :before "
                                "order by s.id limit 100",
       use(time, "before"));
  for (const auto& row : rows) ids.push_back(id_of<UploadSetId>(row, "id"));
  return ids;
}

void insert_file(Session& session, const ReceivedFile& file) {
  const auto id = file.id.text();
  const auto set = file.upload_set.text();
  const auto account = file.account.text();
  const auto content = file.content.hex();
  const auto scan = file.scan_hash.value_or("");
  const long long size = file.size;
  const long long received = micros_of(file.received_at);
  const auto frame = bound(file.frame ? std::optional{file.frame->text()} : std::nullopt);
  const auto state = name_of(file.state);
  const auto reason = bound(code_of_refusal(file.refusal));
  const auto detail = bound(file.refusal ? std::optional{file.refusal->detail} : std::nullopt);
  session.sql() << "insert into files(id, upload_set_id, account_id, name, kind, content, md5, scan_hash, size, received_at, overrides, "
                   "frame_id, state, frames, reason, detail) values (:id, :set, :account, :name, :kind, :content, :md5, :scan, :size, "
                   ":received, :overrides, :frame, :state, :frames, :reason, :detail)",
      use(id, "id"), use(set, "set"), use(account, "account"), use(file.name, "name"), use(file.kind, "kind"),
      use(content, "content"), use(file.md5, "md5"), use(scan, "scan"), use(size, "size"), use(received, "received"),
      use(file.overrides_json, "overrides"), use(frame.value, frame.indicator, "frame"), use(state, "state"),
      use(file.frames, "frames"), use(reason.value, reason.indicator, "reason"), use(detail.value, detail.indicator, "detail");
}

std::optional<ReceivedFile> find_file(Session& session, FileId id) {
  auto files = files_where(session, "id = :id", id);
  return files.empty() ? std::nullopt : std::optional{std::move(files.front())};
}

std::vector<ReceivedFile> files_of(Session& session, UploadSetId id) {
  return files_where(session, "upload_set_id = :id order by received_at, id", id);
}

// Both questions are asked for every file that comes: written so that SQLite, which keeps no statistics, answers from an index on
// all columns instead of walking through the whole set or account (the plus sign keeps it from the index that is sorted already).

std::optional<ReceivedFile> file_named(Session& session, UploadSetId id, const std::string& name) {
  const auto set = id.text();
  soci::rowset<soci::row> rows = (session.sql().prepare << "select * from files where upload_set_id = :id and name = :name order by +received_at, id limit 1",
                                  use(set, "id"), use(name, "name"));
  for (const auto& row : rows) return file_from(row);
  return std::nullopt;
}

bool frame_id_is_taken(Session& session, FrameId id) {
  const auto text = id.text();
  int taken = 0;
  session.sql() << "select (select count(*) from files where frame_id = :id and state <> 'refused') + "
                   "(select count(*) from frames where id = :id and (reason is null or reason not in " + std::string{kTakenAway} + "))",
      use(text, "id"), soci::into(taken);
  return taken > 0;
}

std::map<FileId, FileFacts> facts_of_files(Session& session, const std::vector<FileId>& files) {
  constexpr std::size_t kAtOnce = 500;  // ids of one query
  std::map<FileId, FileFacts> facts;
  for (std::size_t from = 0; from < files.size(); from += kAtOnce) {
    std::string list;
    for (std::size_t i = from; i < std::min(files.size(), from + kAtOnce); ++i) list += (list.empty() ? "'" : ", '") + files[i].text() + "'";
    soci::rowset<soci::row> rows = (session.sql().prepare << "select id, received_at, size from files where id in (" + list + ")");
    for (const auto& row : rows) facts[id_of<FileId>(row, "id")] = {time_of(row, "received_at"), int_of(row, "size")};
  }
  return facts;
}

std::optional<ReceivedFile> same_picture(Session& session, AccountId account, const Sha256& content,
                                         const std::optional<std::string>& scan_hash) {
  const auto owner = account.text();
  const auto digest = content.hex();
  const auto scan = scan_hash.value_or("none");
  soci::rowset<soci::row> rows =
      (session.sql().prepare << "select * from files where id in (select id from files where account_id = :account and content = :content "
                                "union all select id from files where account_id = :account2 and scan_hash = :scan) "
                                "and state <> 'refused' order by received_at, id limit 1",
       use(owner, "account"), use(digest, "content"), use(owner, "account2"), use(scan, "scan"));
  for (const auto& row : rows) return file_from(row);
  return std::nullopt;
}

void update_file(Session& session, FileId id, FileState state, int frames, const std::optional<Refusal>& refusal) {
  const auto text = id.text();
  const auto name = name_of(state);
  const auto reason = bound(code_of_refusal(refusal));
  const auto detail = bound(refusal ? std::optional{refusal->detail} : std::nullopt);
  session.sql() << "update files set state = :state, frames = :frames, reason = :reason, detail = :detail where id = :id",
      use(name, "state"), use(frames, "frames"), use(reason.value, reason.indicator, "reason"),
      use(detail.value, detail.indicator, "detail"), use(text, "id");
}

void note_parts(Session& session, FileId id, const std::vector<Refusal>& notes) {
  const auto text = id.text();
  auto list = nlohmann::json::array();
  for (const auto& note : notes) list.push_back({code_of(note.reason), note.detail});
  const auto json = list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  session.sql() << "update files set notes = :notes where id = :id", use(json, "notes"), use(text, "id");
}

int names_in(Session& session, UploadSetId id) {
  const auto text = id.text();
  int names = 0;
  session.sql() << "select count(distinct name) from files where upload_set_id = :id", use(text, "id"), soci::into(names);
  return names;
}

FileCounts file_counts(Session& session, UploadSetId id) {
  const auto text = id.text();
  FileCounts counts;
  soci::rowset<soci::row> rows =
      (session.sql().prepare << "select state, coalesce(reason, '') as reason, count(*) as files from files where upload_set_id = :id "
                                "group by state, coalesce(reason, '')",
       use(text, "id"));
  for (const auto& row : rows) {
    const int files = static_cast<int>(int_of(row, "files"));
    const auto reason = reason_from_code(text_of_row(row, "reason"));
    switch (file_state_from(text_of_row(row, "state"))) {
      case FileState::received: counts.received += files; break;
      case FileState::decoded: counts.decoded += files; break;
      case FileState::refused: counts.refused += files; break;
    }
    if (reason == Reason::broken_file || reason == Reason::processing_failed) counts.broken += files;
  }
  counts.names = names_in(session, id);
  return counts;
}

std::vector<ReceivedFile> files_left_to_decode(Session& session, UploadSetId id) {
  const auto text = id.text();
  std::vector<ReceivedFile> files;
  soci::rowset<soci::row> rows =
      (session.sql().prepare << "select * from files where upload_set_id = :id and ((state = 'received' and not exists "
                                "(select 1 from jobs where stage = 'decode' and jobs.key = files.id and jobs.state in ('queued', 'delayed'))) "
                                "or (state = 'refused' and kind <> 'track' and reason in ('no_time', 'no_place') and exists "
                                "(select 1 from files t where t.upload_set_id = :set and t.kind = 'track' and t.state <> 'refused'))) order by received_at, id",
       use(text, "id"), use(text, "set"));
  for (const auto& row : rows) files.push_back(file_from(row));
  return files;
}

int files_in_work(Session& session, UploadSetId id) {
  const auto text = id.text();
  int count = 0;
  session.sql() << "select count(*) from files where upload_set_id = :id and state = 'received'", use(text, "id"), soci::into(count);
  return count;
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

bool private_blob_is_wanted(Session& session, const Sha256& content) {
  const auto hex = content.hex();
  int count = 0;
  session.sql() << "select case when exists (select 1 from files where content = :c) or exists (select 1 from frames where content = :d) or "
                   "exists (select 1 from tiles where rollup = :e) then 1 else 0 end",
      use(hex, "c"), use(hex, "d"), use(hex, "e"), soci::into(count);
  return count > 0;
}

}  // namespace cairn::store
