#include "services/store/files.hpp"

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
  file.log_state = text_of_row(row, "log_state");
  file.log_device = text_of_row(row, "log_device");
  return file;
}

template <class AnyId>
std::vector<ReceivedFile> files_where(Session& session, const std::string& condition, const AnyId& id) {
  const auto text = id.text();
  return all_from((session.sql().prepare << "select * from files where " + condition, use(text, "id")), file_from);
}

/// Nothing for an empty id.
std::optional<ReceivedFile> file_with(Session& session, const std::string& id) {
  const auto known = FileId::parse(id);
  return known ? find_file(session, *known) : std::nullopt;
}

}  // namespace

void insert_file(Session& session, const ReceivedFile& file) {
  const auto id = file.id.text();
  const auto set = file.upload_set.text();
  const auto account = file.account.text();
  const auto content = file.content.hex();
  const auto scan = file.scan_hash.value_or("");
  const long long size = file.size;
  const long long received = micros_of(file.received_at);
  const auto frame = bound(file.frame);
  const auto state = name_of(file.state);
  const auto reason = bound_reason(file.refusal);
  const auto detail = bound_detail(file.refusal);
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

std::vector<Track> tracks_of(Session& session, UploadSetId id) {
  const auto text = id.text();
  auto tracks = all_from((session.sql().prepare << "select name, content from files where upload_set_id = :id and kind = 'track' and state <> 'refused'", use(text, "id")),
                         [](const soci::row& row) { return Track{text_of_row(row, "name"), digest_of(row, "content")}; });
  std::ranges::sort(tracks);
  return tracks;
}

// Both questions are asked for every file that comes, and the answer is nearly always no: they ask for an id, which costs less than
// a row. They are written so that SQLite, which keeps no statistics, answers from an index on all columns instead of walking
// through the whole set or account (the plus sign keeps it from the index that is sorted already).

std::optional<ReceivedFile> file_named(Session& session, UploadSetId id, const std::string& name) {
  const auto set = id.text();
  std::string found;
  session.sql() << "select id from files where upload_set_id = :id and name = :name order by +received_at, id limit 1", use(set, "id"),
      use(name, "name"), soci::into(found);
  return file_with(session, found);
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
  std::map<FileId, FileFacts> facts;
  for (const auto& list : lists_of(files)) {
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
  std::string found;
  session.sql() << "select id from files where (account_id = :account and content = :content or account_id = :account2 and scan_hash = :scan) "
                   "and state <> 'refused' order by +received_at, id limit 1",
      use(owner, "account"), use(digest, "content"), use(owner, "account2"), use(scan, "scan"), soci::into(found);
  return file_with(session, found);
}

void update_file(Session& session, FileId id, FileState state, int frames, const std::optional<Refusal>& refusal) {
  const auto text = id.text();
  const auto name = name_of(state);
  const auto reason = bound_reason(refusal);
  const auto detail = bound_detail(refusal);
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

void note_signatures(Session& session, FileId id, const std::string& log_state, const std::string& log_device) {
  const auto text = id.text();
  session.sql() << "update files set log_state = :state, log_device = :device where id = :id", use(log_state, "state"), use(log_device, "device"), use(text, "id");
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
  return counts;
}

std::vector<ReceivedFile> files_left_to_decode(Session& session, UploadSetId id) {
  const auto text = id.text();
  return all_from((session.sql().prepare << "select * from files where upload_set_id = :id and ((state = 'received' and not exists "
                                            "(select 1 from jobs where stage = 'decode' and jobs.key = files.id and jobs.state in ('queued', 'delayed'))) "
                                            "or (state = 'refused' and kind <> 'track' and reason in ('no_time', 'no_place') and exists "
                                            "(select 1 from files t where t.upload_set_id = :set and t.kind = 'track' and t.state <> 'refused'))) order by received_at, id",
                   use(text, "id"), use(text, "set")),
                  file_from);
}

bool any_file_in_work(Session& session, UploadSetId id) {
  const auto text = id.text();
  int found = 0;
  session.sql() << "select 1 from files where upload_set_id = :id and state = 'received' limit 1", use(text, "id"), soci::into(found);
  return found == 1;
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
