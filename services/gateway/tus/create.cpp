// OPTIONS /files says what this server can do; POST /files begins an upload.

#include "services/gateway/endpoints.hpp"
#include "services/gateway/receive/stated.hpp"
#include "services/gateway/tus/answers.hpp"
#include "services/gateway/tus/body.hpp"
#include "services/gateway/tus/join.hpp"

namespace cairn::gateway {
namespace tus {
namespace {

struct Creating : Sink {
  Creation creation;
  store::PartialUpload upload;
  /// Nobody knows its address yet, so nobody will go on with it.
  void abandon(Context& context) override {
    if (body) body->file().remove();
    Sink::abandon(context);
  }
};

/// The row of a new upload, without its set.
store::PartialUpload begun(const Creation& creation, const Context& context) {
  store::PartialUpload upload;
  upload.id = store::PartialUploadId::random();
  upload.account = context.caller->account;
  upload.protocol = "tus";
  upload.created_at = context.now;
  upload.expires_at = context.now + context.options.limits.partial.lifetime;
  upload.length = creation.length;
  upload.reserved = creation.length.value_or(context.options.limits.upload.largest_file);
  upload.metadata = creation.metadata_text;
  upload.concat = creation.concat_text;
  return upload;
}

std::optional<Problem> metadata_problem(const Creating& creating) {
  auto problem = name_problem(name_in(creating.creation.metadata, creating.upload.id));
  if (problem.empty()) problem = stated_in(creating.creation.metadata).problem;
  return problem.empty() ? std::nullopt : std::optional{Problem{400, problem}};
}

/// Opens the file for the bytes that come with a creation.
void take_bytes(Creating& creating, const Request& request, const Context& context) {
  const auto& creation = creating.creation;
  const auto room = creation.length.value_or(context.options.limits.upload.largest_file);
  const bool is_all = creation.piece == Piece::whole && creation.length && announced_length(request) == creation.length;
  creating.body.emplace(PartialFile::open(incoming_path(context, creating.upload.id)).value(), room, creation.checksum, is_all);
}

Response created(const store::PartialUpload& upload, std::uint64_t offset, const Context& context) {
  auto headers = headers_of(upload, offset);
  headers.emplace_back("Location", location_of(context, upload.id));
  auto response = answer(201, std::move(headers));
  if (upload.receipt_json) {
    response.content_type = "application/json";
    response.body = *upload.receipt_json;
  }
  return response;
}

Response create(Creating& creating, Context& context) {
  auto& upload = creating.upload;
  if (!creating.body) take_bytes(creating, Request{}, context);
  auto& body = *creating.body;
  if (!body.finish()) {
    body.file().remove();
    return answer_to({460, "The bytes don't have this checksum"});
  }
  const auto offset = body.file().size();
  if (!is_part(upload) && upload.length == offset) {
    const auto& metadata = creating.creation.metadata;
    auto delivery = delivery_of(body.file().path(), name_in(metadata, upload.id), stated_in(metadata).overrides, body.take_names(), context);
    const auto problem = finish(upload, std::move(delivery), true, context);
    body.file().remove();
    return problem ? answer_to(*problem) : created(upload, offset, context);
  }
  body.file().sync();
  body.file().sync_name();
  context.writer.write([&](store::Session& session) { store::insert_partial_upload(session, upload); });
  return created(upload, offset, context);
}

}  // namespace
}  // namespace tus

Response tus_options(Request&, Context& context) {
  return tus::answer(204, {{"Tus-Version", std::string{tus::kVersion}},
                           {"Tus-Extension", std::string{tus::kExtensions}},
                           {"Tus-Max-Size", std::to_string(context.options.limits.upload.largest_file)},
                           {"Tus-Checksum-Algorithm", std::string{tus::kChecksums}}});
}

std::variant<std::unique_ptr<BodySink>, Response> open_tus_upload(Request& request, Context& context) {
  using namespace tus;
  if (const auto problem = version_problem(request)) return answer_to(*problem);
  auto asked = creation_from(request, context.options.limits.upload.largest_file);
  if (const auto* problem = std::get_if<Problem>(&asked)) return answer_to(*problem);
  auto creating = std::make_unique<Creating>();
  creating->creation = std::get<Creation>(std::move(asked));
  creating->upload = begun(creating->creation, context);
  if (const auto problem = metadata_problem(*creating)) return answer_to(*problem);
  sweep_expired(context.catalogue, incoming_folder(context.options), context.now);
  if (creating->creation.piece == Piece::joined) return creating;
  if (auto refusal = too_much_under_way(context, creating->upload.reserved)) return std::move(*refusal);
  if (creating->creation.piece == Piece::whole) {
    const auto set = set_for(creating->creation, request, context);
    if (const auto* problem = std::get_if<Problem>(&set)) return answer_to(*problem);
    creating->upload.upload_set = std::get<store::UploadSet>(set).id;
  }
  if (creating->creation.brings_bytes) take_bytes(*creating, request, context);
  return creating;
}

Response create_tus_upload(Request& request, Context& context) {
  using namespace tus;
  auto& creating = request.sink_as<Creating>();
  if (creating.creation.piece != Piece::joined) return create(creating, context);
  const auto set = set_for(creating.creation, request, context);
  if (const auto* problem = std::get_if<Problem>(&set)) return answer_to(*problem);
  creating.upload.upload_set = std::get<store::UploadSet>(set).id;
  const auto joined = join(creating.creation, creating.upload, context);
  if (const auto* problem = std::get_if<Problem>(&joined)) return answer_to(*problem);
  const auto& upload = std::get<store::PartialUpload>(joined);
  return created(upload, upload.length.value_or(0), context);
}

}  // namespace cairn::gateway
