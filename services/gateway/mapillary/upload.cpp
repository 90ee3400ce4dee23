// GET and POST /mapillary/upload/{key}: how far a file is, and more bytes of it.

#include "services/gateway/endpoints.hpp"
#include "services/gateway/mapillary/protocol.hpp"
#include "services/gateway/receive/partial_uploads.hpp"

#include <nlohmann/json.hpp>

namespace cairn::gateway {
namespace mapillary {
namespace {

Response busy() {
  auto response = error(503, "BusyError", "Another request is writing to this file: try again in a moment", true);
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

/// The body of a POST on its way to the file.
struct Adding : BodySink {
  Adding(store::PartialUploadId of, std::optional<PartialFile> to, std::uint64_t space) : id{of}, file{std::move(to)}, room{space} {}
  std::optional<Response> add(ByteView bytes) override {
    if (bytes.size() > room) return error(413, "FileTooLargeError", "The file is larger than this server takes");
    room -= bytes.size();
    if (!file->add(bytes)) return busy();
    return std::nullopt;
  }
  void abandon(Context&) override { file.reset(); }

  store::PartialUploadId id;
  std::optional<PartialFile> file;   ///< none where all is here and handed on already
  std::uint64_t room;
};

store::PartialUpload begun(store::PartialUploadId id, const std::string& key, const Context& context) {
  store::PartialUpload upload;
  upload.id = id;
  upload.account = context.caller->account;
  upload.protocol = "mapillary";
  upload.created_at = context.now;
  upload.expires_at = context.now + context.options.limits.partial.lifetime;
  upload.metadata = key;
  return upload;
}

/// What the caller sent under this key, unless it was refused: then it begins anew.
std::optional<store::PartialUpload> known(store::PartialUploadId id, Context& context) {
  auto upload = store::find_partial_upload(context.catalogue, id);
  if (!upload || !upload->receipt_json || is_taken(nlohmann::json::parse(*upload->receipt_json))) return upload;
  context.writer.write([&](store::Session& session) { store::delete_partial_upload(session, id); });
  return std::nullopt;
}

Response wrong_offset(std::uint64_t right) {
  return error(412, "OffsetInvalidError", "The file has " + std::to_string(right) + " bytes: go on from there", true);
}

}  // namespace
}  // namespace mapillary

Response show_mapillary_offset(Request& request, Context& context) {
  const auto& key = request.parameter("key");
  if (!mapillary::is_key(key)) return mapillary::error(400, "InvalidKeyError", "The key must be 1 to 200 letters, digits, '.', '_' and '-'");
  const auto id = mapillary::id_of(context.caller->account, key);
  const auto upload = mapillary::known(id, context);
  const bool is_done = upload && upload->receipt_json;
  return json_response(200, {{"offset", is_done ? upload->length.value_or(0) : durable_size(incoming_path(context, id))}});
}

std::variant<std::unique_ptr<BodySink>, Response> open_mapillary_upload(Request& request, Context& context) {
  using namespace mapillary;
  const auto& key = request.parameter("key");
  if (!is_key(key)) return error(400, "InvalidKeyError", "The key must be 1 to 200 letters, digits, '.', '_' and '-'");
  const auto offset = whole_from(request.header("offset").value_or(""));
  if (!offset || *offset < 0) return error(400, "InvalidOffsetError", "The header Offset must be a whole number of bytes");
  const auto id = id_of(context.caller->account, key);
  const auto upload = known(id, context);
  const auto stated = static_cast<std::uint64_t>(*offset);
  if (upload && upload->receipt_json) {
    const auto length = upload->length.value_or(0);
    if (stated != length) return wrong_offset(length);
    return std::make_unique<Adding>(id, std::nullopt, 0);
  }
  if (!upload) {
    sweep_expired(context.catalogue, incoming_folder(context.options), context.now);
    if (auto refusal = too_much_under_way(context, 0)) return std::move(*refusal);
    context.writer.write([&](store::Session& session) { store::insert_partial_upload(session, begun(id, key, context)); });
  }
  auto file = PartialFile::take(incoming_path(context, id));
  if (!file) return busy();
  if (stated != file->size()) return wrong_offset(file->size());
  const auto largest = context.options.limits.upload.largest_file;
  const auto room = largest - std::min(largest, file->size());
  file->yield();
  return std::make_unique<Adding>(id, std::move(file), room);
}

Response add_mapillary_bytes(Request& request, Context& context) {
  auto& adding = request.sink_as<mapillary::Adding>();
  if (adding.file) {
    if (!adding.file->hold()) return mapillary::busy();
    adding.file->sync();
    adding.file->sync_name();
    context.writer.write([&](store::Session& session) { store::set_partial_length(session, adding.id, adding.file->size()); });
  }
  return json_response(200, {{"h", adding.id.text()}});
}

}  // namespace cairn::gateway
