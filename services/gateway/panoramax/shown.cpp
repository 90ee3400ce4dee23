#include "services/gateway/panoramax/shown.hpp"

#include "services/gateway/links.hpp"
#include "services/store/sequences.hpp"

namespace cairn::gateway {

using nlohmann::json;

bool owns(const Context& context, AccountId account) { return context.caller && context.caller->account == account; }

bool may_see(const Context& context, std::string_view shown_to, AccountId account) {
  return shown_to == "anyone" || owns(context, account) || (shown_to == "logged-only" && context.caller);
}

std::optional<AccountId> viewer_of(const Context& context) { return context.caller ? std::optional{context.caller->account} : std::nullopt; }

std::optional<store::Account> requested_account(const Request& request, Context& context) {
  const auto& name = request.parameter("user");
  const auto mine = context.caller ? std::optional{context.caller->account} : std::nullopt;
  const auto id = name == "me" ? mine : AccountId::parse(name);
  auto account = id ? store::find_account(context.catalogue, *id) : std::nullopt;
  return account && !account->erased_at ? account : std::nullopt;
}

std::optional<store::UploadSet> visible_upload_set(Context& context, UploadSetId id) {
  auto set = store::find_upload_set(context.catalogue, id);
  return set && may_see(context, set->visibility, set->account) ? set : std::nullopt;
}

std::optional<store::UploadSet> requested_set(const Request& request, Context& context) {
  const auto id = UploadSetId::parse(request.parameter("id"));
  return id ? visible_upload_set(context, *id) : std::nullopt;
}

std::optional<store::SequenceRow> requested_sequence(const Request& request, Context& context) {
  const auto id = SequenceId::parse(request.parameter("collection"));
  auto sequence = id ? store::find_sequence(context.catalogue, *id) : std::nullopt;
  const bool shown = sequence && !sequence->deleted_at && may_see(context, sequence->shown_to, sequence->account);
  return shown ? sequence : std::nullopt;
}

std::optional<SequenceId> sequence_of(Context& context, const store::FrameRow& frame) {
  if (frame.sequence) return frame.sequence;
  const auto set = store::find_upload_set(context.catalogue, frame.upload_set);
  return set ? set->one_sequence : std::nullopt;
}

std::optional<store::FrameRow> requested_frame(const Request& request, Context& context) {
  const auto id = FrameId::parse(request.parameter("picture"));
  auto frame = id ? store::find_frame(context.catalogue, *id) : std::nullopt;
  if (!frame || !may_see(context, frame->shown_to, frame->account)) return std::nullopt;
  if (frame->refusal && (store::is_withdrawn(*frame) || !owns(context, frame->account))) return std::nullopt;
  frame->sequence = sequence_of(context, *frame);
  const auto collection = value_of(request.parameters, "collection");
  const bool fits = frame->sequence && (!collection || frame->sequence->text() == lower_case(*collection));
  return fits ? frame : std::nullopt;
}

bool has_picture_for(const Context& context, const store::FrameRow& frame) {
  return frame.state == store::FrameState::fused && !frame.refusal && may_see(context, frame.shown_to, frame.account);
}

bool is_tiled(const Context& context, const store::FrameRow& frame) {
  return frame.capture.camera.projection == Projection::equirectangular && frame.observation && has_picture_for(context, frame);
}

Response no_such_user() { return error_response(404, "There is no such user"); }
Response no_such_upload_set() { return error_response(404, "There is no such upload set"); }
Response no_such_collection() { return error_response(404, "There is no such collection"); }
Response no_such_picture() { return error_response(404, "There is no such picture"); }

std::optional<Response> refused_to_change(const Context& context, AccountId account, std::string_view what) {
  if (!context.caller) return error_response(401, "Send a token to change this: 'Authorization: Bearer …'");
  if (!context.caller->may_upload) return error_response(403, "This token may only read");
  if (context.caller->account != account) return error_response(403, "Only its owner may change " + std::string{what});
  return std::nullopt;
}

std::variant<json, Response> object_from(const Request& request, std::string_view what) {
  if (!request.header("content-type").value_or("").starts_with("application/json")) return error_response(415, "Send " + std::string{what} + " as application/json");
  auto body = json_from_client(request.body);
  if (!body || !body->is_object()) return error_response(400, "The body must be a JSON object");
  return std::variant<json, Response>{std::in_place_index<0>, *std::move(body)};
}

json problem(std::string_view field, std::string_view error, const json& input) {
  json one{{"error", error}, {"input", input}};
  one["fields"] = field.empty() ? json::array() : json::array({field});
  return one;
}

Response invalid(std::string_view message, const json& problems) { return error_response(400, message, problems); }

}  // namespace cairn::gateway
