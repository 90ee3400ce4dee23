#include "services/gateway/receive/receive.hpp"

#include "core/ordered_uuid.hpp"
#include "services/changes/completion.hpp"
#include "services/store/file_view.hpp"
#include "services/store/jobs.hpp"
#include "services/store/usage.hpp"

#include <nlohmann/json.hpp>


namespace cairn::gateway {
namespace {

using Outcome = Receipt::Outcome;

std::string json_of(const Delivery& delivery) {
  const auto& overrides = delivery.overrides;
  auto stated = nlohmann::json::object();
  if (overrides.taken_at) stated["taken_at"] = to_iso8601(*overrides.taken_at);
  if (overrides.place) stated.update({{"lat_deg", overrides.place->lat_deg()}, {"lon_deg", overrides.place->lon_deg()}});
  if (overrides.heading_deg) stated["heading_deg"] = *overrides.heading_deg;
  if (delivery.position) stated["position"] = *delivery.position;
  if (delivery.is_blurred) stated["is_blurred"] = *delivery.is_blurred;
  return stated.dump();
}

std::string_view word_of(std::optional<ingest::FileKind> kind) {
  if (kind == ingest::FileKind::video) return "video";
  return kind == ingest::FileKind::track ? "track" : "picture";
}

store::ReceivedFile written_down(Delivery& delivery, const store::UploadSet& set, UtcTime now) {
  store::ReceivedFile file;
  file.id = FileId{ordered_uuid(now)};
  file.upload_set = set.id;
  file.account = set.account;
  file.name = std::move(delivery.name);
  file.kind = "picture";
  file.size = static_cast<std::int64_t>(delivery.bytes.size());
  file.md5 = std::move(delivery.names.md5);
  file.content = delivery.names.sha256;
  delivery.bytes.commit(file.content);
  file.received_at = now;
  file.overrides_json = json_of(delivery);
  return file;
}

/// Looks at the bytes: kind, frame id, hash of the scan data, and what speaks against the file at once.
void inspect(store::ReceivedFile& file, const Delivery& delivery, Context& context) {
  if (file.size == 0) {
    file.refusal = Refusal{Reason::empty_file, ""};
    return;
  }
  const store::FileView view{context.blobs.path_of(store::Namespace::private_, file.content)};
  const auto kind = ingest::kind_of(view.bytes());
  file.kind = word_of(kind);
  if (!kind) file.refusal = Refusal{Reason::not_supported, ingest::advice_about(view.bytes())};
  if (kind != ingest::FileKind::picture) return;
  file.frame = delivery.frame.value_or(frame_id_of(file.account, file.content, 0));
  const bool is_bundle = ingest::depends_on_tracks(view.bytes(), {});
  if (!is_bundle) file.scan_hash = ingest::scan_hash_of(view.bytes());  // that of a bundle would be its first picture's
  const auto claims = ingest::read_picture({file.name, view.bytes(), file.account, file.content, file.received_at, delivery.overrides, {}}, {});
  const auto* refusal = std::get_if<Refusal>(&claims);
  if (!refusal) return;
  const bool may_be_helped = ingest::depends_on_tracks(view.bytes(), *refusal) && !store::tracks_of(context.catalogue, file.upload_set).empty();
  if (!may_be_helped) file.refusal = *refusal;
}

/// The set is complete when as many files came as its sender announced; a file that comes later opens it again.
void count_towards_completion(store::Session& session, const store::UploadSet& set, UtcTime now) {
  const bool all_here = set.estimated_files && store::names_in(session, set.id) == *set.estimated_files;
  if (all_here) {
    changes::complete_set(session, set.id, now);
  } else if (set.completed_at) {
    store::set_completed(session, set.id, std::nullopt);
  }
}

/// Inside one transaction: what the catalogue already knows decides, then the file is written down. Refused files are written
/// down too, with their reason, so that their sender can see and count them.
Receipt register_file(store::Session& session, const store::UploadSet& set, store::ReceivedFile file, UtcTime now) {
  const auto same_name = store::file_named(session, set.id, file.name);
  const bool name_taken = same_name && !same_name->refusal;
  if (name_taken && same_name->content != file.content) return {Outcome::name_taken, std::move(file), same_name};
  const auto twin = store::same_picture(session, file.account, file.content, file.scan_hash);
  if (twin && twin->upload_set == set.id && twin->content == file.content) return {Outcome::already_here, std::move(file), twin};

  const bool id_taken = file.frame && !twin && store::frame_id_is_taken(session, *file.frame);
  if (id_taken) file.refusal = Refusal{Reason::id_conflict, file.frame->text()};
  if (twin) file.refusal = Refusal{Reason::file_duplicate, "file " + twin->name + " of upload set " + twin->upload_set.text()};
  if (file.refusal) file.state = store::FileState::refused;
  const auto outcome = twin ? Outcome::sent_before : id_taken ? Outcome::id_taken : file.refusal ? Outcome::refused : Outcome::accepted;
  const bool known_refusal = same_name && same_name->refusal && file.refusal && same_name->content == file.content;
  if (!known_refusal) {
    store::insert_file(session, file);
    if (!same_name) store::count_name(session, set.id);
    store::add_use(session, file.account, store::day_of(now), {1, file.size});
    if (!file.refusal) store::enqueue(session, {.stage = store::Stage::decode, .key = file.id.text(), .tenant = file.account.text(), .now = now});
    count_towards_completion(session, set, now);
  }
  return {outcome, std::move(file), twin};
}

}  // namespace

std::optional<Receipt> receive(Delivery delivery, const store::UploadSet& set, Context& context, const Along& along) {
  auto file = written_down(delivery, set, context.now);
  inspect(file, delivery, context);
  std::optional<Receipt> receipt;
  context.writer.write([&](store::Session& session) {
    const auto current = store::find_upload_set(session, set.id);
    if (!current) return;
    receipt = register_file(session, *current, file, context.now);
    if (along) along(session, *receipt);
  });
  return receipt;
}

}  // namespace cairn::gateway
