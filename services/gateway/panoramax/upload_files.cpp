// POST /api/upload_sets/{id}/files: one file of a set.

#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/sent_file.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/gateway/panoramax/upload_answers.hpp"
#include "services/gateway/receive/receive.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

/// A form on its way into a set; that the set is still there is asked again in the transaction that writes the file down.
struct FileOfSet : UploadForm {
  FileOfSet(std::string_view boundary, const Context& context, store::UploadSet its) : UploadForm{boundary, context.blobs, context.options.limits.upload}, set{std::move(its)} {}
  store::UploadSet set;
};

Response conflict(const char* message, const std::string& name, json value) {
  return json_response(409, {{"message", message}, {"status_code", 409}, {name, std::move(value)}});
}
json existing(const store::ReceivedFile& file) { return {{"id", file.frame ? file.frame->text() : file.id.text()}}; }

Response answer_to(const Receipt& receipt, const Context& context) {
  using enum Receipt::Outcome;
  switch (receipt.outcome) {
    case name_taken: return conflict("Another file of this name is already in this upload set", "existing_item", existing(*receipt.other));
    case already_here: return conflict("This file is already in this upload set", "existing_item", existing(*receipt.other));
    case sent_before: {
      const json where{{"existing_item_id", existing(*receipt.other)["id"]}, {"upload_set_id", receipt.other->upload_set.text()}};
      return conflict("The same picture was sent before, in an earlier upload", "upload_sets", json::array({where}));
    }
    case id_taken: return error_response(409, "A picture with the same id is already there");
    case refused: return refusal_response(*receipt.file.refusal);
    case accepted: break;
  }
  return json_response(202, file_json(context, receipt.file));
}

}  // namespace

std::variant<std::unique_ptr<BodySink>, Response> open_file(Request& request, Context& context) {
  auto set = requested_set(request, context);
  if (!set) return no_such_upload_set();
  if (set->account != context.caller->account) return error_response(403, "Only its owner may add files to an upload set");
  const auto boundary = form_boundary(request);
  if (const auto* refusal = std::get_if<Response>(&boundary)) return *refusal;
  return std::make_unique<FileOfSet>(std::get<std::string>(boundary), context, std::move(*set));
}

Response add_file(Request& request, Context& context) {
  auto& form = request.sink_as<FileOfSet>();
  const auto said = stated_with_file(form, "file");
  if (const auto* refusal = std::get_if<Response>(&said)) return *refusal;
  const auto& stated = std::get<Stated>(said);
  auto& upload = form.upload();
  const auto receipt = receive({upload->file_name, std::move(upload->bytes), upload->names, stated.overrides, stated.frame, {}, stated.is_blurred}, form.set, context);
  return receipt ? answer_to(*receipt, context) : no_such_upload_set();
}

}  // namespace cairn::gateway
