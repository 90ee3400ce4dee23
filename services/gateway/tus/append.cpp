// HEAD, GET, PATCH and DELETE /files/{id}: how far an upload is, what became of it, more bytes of it, its end.

#include "services/gateway/endpoints.hpp"
#include "services/gateway/receive/stated.hpp"
#include "services/gateway/tus/answers.hpp"
#include "services/gateway/tus/body.hpp"

#include <nlohmann/json.hpp>

namespace cairn::gateway {
namespace tus {
namespace {

struct Patching : Sink {
  store::PartialUpload upload;
  Chunk chunk;
};

/// How many bytes of it are here for good.
std::uint64_t offset_of(const store::PartialUpload& upload, const Context& context) {
  return upload.receipt_json ? upload.length.value_or(0) : durable_size(incoming_path(context, upload.id));
}

std::optional<Problem> finish_file(store::PartialUpload& upload, PartialFile& file, ContentNames names, Context& context) {
  const auto metadata = std::get<Pairs>(metadata_from(upload.metadata));
  auto delivery = delivery_of(file.path(), name_in(metadata, upload.id), stated_in(metadata).overrides, std::move(names), context);
  auto problem = finish(upload, std::move(delivery), false, context);
  if (!problem) file.remove();
  return problem;
}

/// A crash may have come between the last byte and the receipt: whoever asks next brings it to its end.
std::optional<Problem> finish_leftover(store::PartialUpload& upload, std::uint64_t offset, Context& context) {
  if (upload.receipt_json || is_part(upload) || upload.length != offset) return std::nullopt;
  auto file = PartialFile::open(incoming_path(context, upload.id));
  return file ? finish_file(upload, *file, names_of(file->path()), context) : std::nullopt;
}

Asked<std::unique_ptr<Patching>> opened_for(const Request& request, Context& context) {
  auto asked = requested_upload(request, context);
  if (auto* problem = std::get_if<Problem>(&asked)) return std::move(*problem);
  auto patching = std::make_unique<Patching>();
  auto& upload = patching->upload = std::get<store::PartialUpload>(std::move(asked));
  if (is_joined(upload)) return Problem{403, "A final upload takes no bytes of its own"};
  const auto largest = context.options.limits.upload.largest_file;
  auto chunk = chunk_from(request, largest);
  if (auto* problem = std::get_if<Problem>(&chunk)) return std::move(*problem);
  patching->chunk = std::get<Chunk>(std::move(chunk));
  auto file = upload.receipt_json ? std::nullopt : PartialFile::take(incoming_path(context, upload.id));
  if (!file && !upload.receipt_json) return Problem{423, "Another request is writing to this upload: try again when it has ended"};
  const auto offset = file ? file->size() : upload.length.value_or(0);
  const auto announced = announced_length(request);
  if (auto problem = chunk_problem(patching->chunk, offset, upload.length, announced)) return std::move(*problem);
  const auto length = upload.length ? upload.length : patching->chunk.length;
  const bool is_all = offset == 0 && length && announced == length && !is_part(upload);
  if (file) file->yield();
  if (file) patching->body.emplace(std::move(*file), length.value_or(largest) - offset, patching->chunk.checksum, is_all);
  return patching;
}

Response patched(Patching& patching, Context& context) {
  auto& upload = patching.upload;
  const auto& chunk = patching.chunk;
  if (!patching.body) return answer(204, headers_of(upload, upload.length.value_or(0)));
  auto& body = *patching.body;
  if (!body.file().hold()) return answer_to({423, "Another request goes on with this upload"});
  if (!body.finish()) return answer_to({460, "The bytes don't have this checksum: they were thrown away"});
  if (!upload.length && chunk.length) {
    upload.length = chunk.length;
    context.writer.write([&](store::Session& session) { store::set_partial_length(session, upload.id, *upload.length); });
  }
  const auto offset = body.file().size();
  const bool is_whole = upload.length == offset && !is_part(upload);
  if (!is_whole) {
    body.file().sync();
  } else if (const auto problem = finish_file(upload, body.file(), body.take_names(), context)) {
    return answer_to(*problem);
  }
  return answer(204, headers_of(upload, offset));
}

Response head(const Request& request, Context& context) {
  auto asked = requested_upload(request, context);
  if (const auto* problem = std::get_if<Problem>(&asked)) return answer_to(*problem);
  auto& upload = std::get<store::PartialUpload>(asked);
  const auto offset = offset_of(upload, context);
  if (const auto problem = finish_leftover(upload, offset, context)) return answer_to(*problem);
  auto headers = headers_of(upload, offset);
  headers.emplace_back("Cache-Control", "no-store");
  if (upload.length) headers.emplace_back("Upload-Length", std::to_string(*upload.length));
  if (!upload.length) headers.emplace_back("Upload-Defer-Length", "1");
  if (!upload.metadata.empty()) headers.emplace_back("Upload-Metadata", upload.metadata);
  if (!upload.concat.empty()) headers.emplace_back("Upload-Concat", upload.concat);
  return answer(200, std::move(headers));
}

Response terminate(const Request& request, Context& context) {
  const auto asked = requested_upload(request, context);
  if (const auto* problem = std::get_if<Problem>(&asked)) return answer_to(*problem);
  const auto id = std::get<store::PartialUpload>(asked).id;
  auto file = PartialFile::take(incoming_path(context, id));
  if (!file) return answer_to({423, "Another request is writing to this upload: try again when it has ended"});
  context.writer.write([&](store::Session& session) { store::delete_partial_upload(session, id); });
  file->remove();
  return answer(204);
}

}  // namespace
}  // namespace tus

std::variant<std::unique_ptr<BodySink>, Response> open_tus_patch(Request& request, Context& context) {
  using namespace tus;
  if (meant_method(request) == Method::post) return answer_to({405, "Say with X-HTTP-Method-Override what this POST means"});
  if (meant_method(request) != Method::patch) return std::make_unique<Sink>();
  auto opened = opened_for(request, context);
  if (const auto* problem = std::get_if<Problem>(&opened)) return answer_to(*problem);
  return std::get<std::unique_ptr<Patching>>(std::move(opened));
}

Response patch_tus_upload(Request& request, Context& context) {
  if (tus::meant_method(request) == Method::delete_) return tus::terminate(request, context);
  if (tus::meant_method(request) == Method::head) return tus::head(request, context);
  return tus::patched(request.sink_as<tus::Patching>(), context);
}

Response head_tus_upload(Request& request, Context& context) { return tus::head(request, context); }
Response delete_tus_upload(Request& request, Context& context) { return tus::terminate(request, context); }

/// Not part of tus: the receipt as JSON, for people and scripts.
Response show_tus_upload(Request& request, Context& context) {
  request.headers.emplace_back("tus-resumable", tus::kVersion);
  auto asked = tus::requested_upload(request, context);
  if (const auto* problem = std::get_if<tus::Problem>(&asked)) return tus::answer_to(*problem);
  auto& upload = std::get<store::PartialUpload>(asked);
  nlohmann::json body{{"id", upload.id.text()}, {"offset", tus::offset_of(upload, context)}, {"expires_at", to_iso8601(upload.expires_at)}};
  if (upload.length) body["length"] = *upload.length;
  if (upload.receipt_json) body["receipt"] = nlohmann::json::parse(*upload.receipt_json);
  return json_response(200, body);
}

}  // namespace cairn::gateway
