// POST /api/upload_sets/{id}/files: one file of a set. The bytes are in the private blob store when a handler starts; they
// become a durable blob first, and a row with its decode job second (laws 1 and 3).

#include "ingest/decode_file.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/file_view.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/upload_answers.hpp"
#include "services/store/jobs.hpp"

#include <algorithm>

namespace cairn::gateway {
namespace {

using nlohmann::json;

struct Stated {
  ingest::Overrides overrides;
  std::string problem;   ///< empty when the fields make sense
};

/// What the form's fields state instead of what the file says.
Stated stated_in(const Pairs& fields) {
  Stated stated;
  const auto blurred = value_of(fields, "isBlurred");
  if (blurred && lower_case(*blurred) != "true" && lower_case(*blurred) != "false") stated.problem = "isBlurred must be true or false";
  if (const auto text = value_of(fields, "override_capture_time")) {
    stated.overrides.taken_at = time_from_iso8601(*text);
    if (!stated.overrides.taken_at) stated.problem = "override_capture_time must be an ISO 8601 time";
  }
  const auto lat = value_of(fields, "override_latitude");
  const auto lon = value_of(fields, "override_longitude");
  if (lat.has_value() != lon.has_value()) {
    stated.problem = "override_latitude and override_longitude go together: send both or none";
  } else if (lat) {
    const auto lat_deg = number_from(*lat);
    const auto lon_deg = number_from(*lon);
    if (lat_deg && lon_deg) stated.overrides.place = LatLon::from_degrees(*lat_deg, *lon_deg);
    if (!stated.overrides.place) stated.problem = "override_latitude and override_longitude must be degrees on the globe";
  }
  if (const auto id = value_of(fields, "picture_id"); id && !Uuid::parse(*id)) stated.problem = "picture_id must be a UUID";
  return stated;
}

std::string text_of(const ingest::Overrides& overrides) {
  json stated = json::object();
  if (overrides.taken_at) stated["taken_at"] = to_iso8601(*overrides.taken_at);
  if (overrides.place) stated.update({{"lat_deg", overrides.place->lat_deg()}, {"lon_deg", overrides.place->lon_deg()}});
  if (overrides.heading_deg) stated["heading_deg"] = *overrides.heading_deg;
  return stated.dump();
}

std::string_view word_of(std::optional<ingest::FileKind> kind) {
  if (kind == ingest::FileKind::video) return "video";
  return kind == ingest::FileKind::track ? "track" : "picture";
}

bool lacks_what_a_track_has(const Refusal& refusal) { return refusal.reason == Reason::no_time || refusal.reason == Reason::no_place; }

bool has_track(store::Session& session, UploadSetId set) {
  return std::ranges::any_of(store::files_of(session, set),
                             [](const auto& file) { return file.kind == "track" && file.state != store::FileState::refused; });
}

/// Looks at the bytes: kind, frame id, hash of the scan data, and what speaks against the file at once.
void inspect(store::ReceivedFile& file, const ingest::Overrides& overrides, Context& context) {
  if (file.size == 0) {
    file.refusal = Refusal{Reason::empty_file, ""};
    return;
  }
  const FileView view{context.blobs.path_of(store::Namespace::private_, file.content)};
  const auto kind = ingest::kind_of(view.bytes());
  file.kind = word_of(kind);
  if (!kind) file.refusal = Refusal{Reason::not_supported, ""};
  if (kind != ingest::FileKind::picture) return;
  file.frame = frame_id_of(file.account, file.content, 0);
  file.scan_hash = ingest::scan_hash_of(view.bytes());
  const auto claims = ingest::read_picture({file.name, view.bytes(), file.account, file.content, file.received_at, overrides, {}}, {});
  const auto* refusal = std::get_if<Refusal>(&claims);
  if (refusal && !(lacks_what_a_track_has(*refusal) && has_track(context.catalogue, file.upload_set))) file.refusal = *refusal;
}

Response conflict(const char* message, const std::string& name, json value) {
  return json_response(409, {{"message", message}, {"status_code", 409}, {name, std::move(value)}});
}
json existing(const store::ReceivedFile& file) { return {{"id", file.frame ? file.frame->text() : file.id.text()}}; }

Response refused(const Refusal& refusal) {
  auto details = refusal_json(refusal)["details"];
  details["error"] = message_of(refusal);
  return error_response(400, sentence_of(refusal.reason), details);
}

/// The set is complete when as many files came as its sender announced; a file that comes later opens it again.
void count_towards_completion(store::Session& session, const store::UploadSet& set, UtcTime now) {
  const bool all_here = set.estimated_files && store::file_counts(session, set.id).names == *set.estimated_files;
  if (all_here) {
    complete_set(session, set.id, now, set.account);
  } else if (set.completed_at) {
    store::set_completed(session, set.id, std::nullopt);
  }
}

/// Inside one transaction: what the catalogue already knows decides, then the file is written down. Refused files are written
/// down too, with their reason, so that their sender can see and count them.
Response register_file(store::Session& session, const store::UploadSet& set, store::ReceivedFile file, Context& context) {
  const auto same_name = store::file_named(session, set.id, file.name);
  const bool name_taken = same_name && !same_name->refusal;
  if (name_taken && same_name->content != file.content)
    return conflict("Another file of this name is already in this upload set", "existing_item", existing(*same_name));
  const auto twin = store::same_picture(session, file.account, file.content, file.scan_hash);
  if (twin && twin->upload_set == set.id && twin->content == file.content)
    return conflict("This file is already in this upload set", "existing_item", existing(*twin));

  std::optional<Response> answer;
  if (twin) {
    file.refusal = Refusal{Reason::file_duplicate, "file " + twin->name + " of upload set " + twin->upload_set.text()};
    const json where{{"existing_item_id", existing(*twin)["id"]}, {"upload_set_id", twin->upload_set.text()}};
    answer = conflict("The same picture was sent before, in an earlier upload", "upload_sets", json::array({where}));
  } else if (file.refusal) {
    answer = refused(*file.refusal);
  }
  const bool known_refusal = same_name && same_name->refusal && file.refusal && same_name->content == file.content;
  if (known_refusal) return *answer;

  if (file.refusal) file.state = store::FileState::refused;
  store::insert_file(session, file);
  if (!file.refusal) store::enqueue(session, {.stage = store::Stage::decode, .key = file.id.text(), .tenant = file.account.text(), .run_at = context.now});
  count_towards_completion(session, set, context.now);
  return answer ? *answer : json_response(202, file_json(context, file));
}

store::ReceivedFile received(ReceivedUpload& upload, const store::UploadSet& set, const ingest::Overrides& overrides, UtcTime now) {
  store::ReceivedFile file;
  file.id = FileId::random();
  file.upload_set = set.id;
  file.account = set.account;
  file.name = upload.file_name;
  file.kind = "picture";
  file.size = static_cast<std::int64_t>(upload.bytes.size());
  file.md5 = upload.md5;
  file.content = upload.bytes.commit();
  file.received_at = now;
  file.overrides_json = text_of(overrides);
  return file;
}

}  // namespace

Response add_file(Request& request, Context& context) {
  const auto set = requested_set(request, context);
  if (!set) return error_response(404, "There is no such upload set");
  if (set->account != context.caller->account) return error_response(403, "Only its owner may add files to an upload set");
  auto& upload = request.form->upload;
  if (!upload || upload->part != "file") return error_response(400, "No file was sent: the form needs a part named file");
  if (upload->file_name.empty() || upload->file_name.size() > 255 || !is_plain_text(upload->file_name))
    return error_response(400, "The file needs a name of at most 255 bytes of plain text");
  const auto stated = stated_in(request.form->fields);
  if (!stated.problem.empty()) return error_response(400, stated.problem);

  auto file = received(*upload, *set, stated.overrides, context.now);
  inspect(file, stated.overrides, context);
  Response response;
  context.catalogue.write([&](store::Session& session) {
    const auto current = store::find_upload_set(session, set->id);
    response = current ? register_file(session, *current, file, context) : error_response(404, "There is no such upload set");
  });
  return response;
}

}  // namespace cairn::gateway
