#include "services/gateway/tus/answers.hpp"

#include "services/gateway/receive/stated.hpp"

#include <nlohmann/json.hpp>

namespace cairn::gateway::tus {
namespace {

std::string day_of(UtcTime time) { return to_iso8601(time).substr(0, 10); }

/// JSON that may stand in a header: ASCII, one line.
std::string header_json(const std::string& json) {
  return nlohmann::json::parse(json).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Response answer(int status, Pairs headers) {
  headers.emplace_back("Tus-Resumable", kVersion);
  headers.emplace_back("Access-Control-Expose-Headers",
                       "Location, Tus-Version, Tus-Resumable, Tus-Max-Size, Tus-Extension, Tus-Checksum-Algorithm, Upload-Offset, Upload-Length, "
                       "Upload-Defer-Length, Upload-Metadata, Upload-Concat, Upload-Expires, Retry-After, Cairn-Receipt");
  return {status, status == 204 ? "" : "text/plain; charset=utf-8", std::move(headers), {}};
}

Response answer_to(const Problem& problem) {
  auto response = answer(problem.status);
  if (problem.status == 412) response.headers.emplace_back("Tus-Version", kVersion);
  auto body = error_response(problem.status, problem.message);
  response.content_type = std::move(body.content_type);
  response.body = std::move(body.body);
  return response;
}

Pairs headers_of(const store::PartialUpload& upload, std::uint64_t offset) {
  Pairs headers{{"Upload-Offset", std::to_string(offset)}};
  if (upload.receipt_json) {
    headers.emplace_back("Cairn-Receipt", header_json(*upload.receipt_json));
  } else {
    headers.emplace_back("Upload-Expires", http_date(upload.expires_at));
  }
  return headers;
}

bool is_joined(const store::PartialUpload& upload) { return upload.concat.starts_with("final;"); }
bool is_part(const store::PartialUpload& upload) { return upload.concat == "partial"; }

Asked<store::PartialUpload> requested_upload(const Request& request, Context& context) {
  if (auto problem = version_problem(request)) return std::move(*problem);
  const auto id = store::PartialUploadId::parse(request.parameter("upload"));
  auto upload = id ? store::find_partial_upload(context.catalogue, *id) : std::nullopt;
  if (!upload || upload->protocol != "tus" || upload->account != context.caller->account) return Problem{404, "There is no such upload"};
  if (upload->expires_at <= context.now) return Problem{410, "The time of this upload is over: begin again"};
  return *upload;
}

Asked<store::UploadSet> set_for(const Creation& creation, const Request& request, Context& context) {
  if (const auto named = value_of(creation.metadata, "upload_set")) {
    const auto id = UploadSetId::parse(*named);
    const auto set = id ? store::find_upload_set(context.catalogue, *id) : std::nullopt;
    if (!set) return Problem{404, "There is no such upload set"};
    if (set->account != context.caller->account) return Problem{403, "Only its owner may add files to an upload set"};
    return *set;
  }
  const auto agent = request.header("user-agent").value_or("");
  const auto day = day_of(context.now);
  const auto session = value_of(creation.metadata, "session");
  return set_of_session(context, "tus", session ? "named " + std::string{*session} : day + " " + std::string{agent}, "Upload of " + day, agent);
}

std::string name_in(const Pairs& metadata, store::PartialUploadId id) {
  auto name = value_of(metadata, "filename");
  if (!name) name = value_of(metadata, "name");
  return name ? last_component(*name) : id.text();
}

std::string location_of(const Context& context, store::PartialUploadId id) { return context.base_url + "/files/" + id.text(); }

std::optional<Problem> finish(store::PartialUpload& upload, Delivery delivery, bool is_new, Context& context) {
  const auto set = upload.upload_set ? store::find_upload_set(context.catalogue, *upload.upload_set) : std::nullopt;
  if (!set) return Problem{404, "The upload set is gone: begin again with another"};
  const auto write_down = [&](store::Session& session, const Receipt& receipt) {
    upload.receipt_json = receipt_json(receipt).dump();
    upload.reserved = 0;
    if (is_new) return store::insert_partial_upload(session, upload);
    store::finish_partial_upload(session, upload.id, *upload.receipt_json);
  };
  if (!receive(std::move(delivery), *set, context, write_down)) return Problem{404, "The upload set is gone: begin again with another"};
  return std::nullopt;
}

}  // namespace cairn::gateway::tus
