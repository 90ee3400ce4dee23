// POST /api/collections and /items: how clients uploaded before there were upload sets. The collection is there from the start;
// its pictures come one by one, each with a position, and there is no word of completion.

#include "services/changes/completion.hpp"
#include "services/changes/private_areas.hpp"
#include "services/changes/visibility.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/new_upload_set.hpp"
#include "services/gateway/panoramax/sent_file.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/gateway/panoramax/stac.hpp"
#include "services/gateway/panoramax/upload_answers.hpp"
#include "services/gateway/receive/receive.hpp"
#include "services/store/file_view.hpp"
#include "services/store/sequences.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

/// The title from JSON (also when it is called text/plain, as a browser's fetch does), from a form, or none. Nothing when the
/// body can't be read.
std::optional<json> asked_in(const Request& request) {
  if (request.body.empty()) return json::object();
  if (request.header("content-type").value_or("").starts_with("application/x-www-form-urlencoded")) {
    const auto fields = query_from(request.body);
    if (!fields) return std::nullopt;
    json asked = json::object();
    for (const auto& [name, value] : *fields) asked[name] = value;
    return asked;
  }
  auto asked = json_from_client(request.body);
  return asked && asked->is_object() ? asked : std::nullopt;
}

store::SequenceRow empty_sequence(const store::UploadSet& set) {
  store::SequenceRow sequence;
  sequence.id = *set.one_sequence;
  sequence.upload_set = set.id;
  sequence.account = set.account;
  sequence.title = set.title;
  sequence.created_at = sequence.updated_at = set.created_at;
  return sequence;
}

/// Who sends a picture may look at its item at once, before anything was decoded.
void show_early(store::Session& session, const store::ReceivedFile& file, const Capture& capture) {
  store::FrameRow frame;
  frame.id = *file.frame;
  frame.upload_set = file.upload_set;
  frame.file = file.id;
  frame.account = file.account;
  frame.file_name = file.name;
  frame.content = file.content;
  frame.capture = capture;
  frame.capture.id = frame.id;
  frame.taken_at = capture.fix.taken_at;
  frame.place = capture.fix.place;
  frame.heading_deg = capture.fix.heading_deg;
  store::insert_frame(session, frame);
}

std::optional<int> position_of(const store::ReceivedFile& file) {
  const auto stated = json::parse(file.overrides_json, nullptr, false);
  return stated.is_object() && stated.contains("position") ? std::optional{stated["position"].get<int>()} : std::nullopt;
}

bool is_taken(Context& context, UploadSetId set, int position) {
  for (const auto& file : store::files_of(context.catalogue, set)) {
    if (!file.refusal && position_of(file) == position) return true;
  }
  return false;
}

/// Every picture ends an upload: what is decoded then gets its place in the collection.
void enter(store::Session& session, const Receipt& receipt, const store::UploadSet& set, const Stated& stated, const Context& context) {
  if (receipt.outcome != Receipt::Outcome::accepted) return;
  const auto& file = receipt.file;
  if (file.frame) {
    const store::FileView view{context.blobs.path_of(store::Namespace::private_, file.content)};
    const auto claims = ingest::read_picture({file.name, view.bytes(), file.account, file.content, file.received_at, stated.overrides, {}}, {});
    if (const auto* capture = std::get_if<Capture>(&claims)) show_early(session, file, *capture);
    changes::take_away_private_frames(session, file.account, store::frames_of_file(session, file.id), context.now);
  }
  changes::refresh_shown_to(session, set.id);
  changes::complete_set(session, set.id, context.now);
}

Response item_answer(Context& context, const Request& request, FrameId id, SequenceId sequence) {
  auto frame = store::find_frame(context.catalogue, id);
  if (!frame) return error_response(202, "The picture was received");
  if (frame->refusal) return refusal_response(*frame->refusal);
  frame->sequence = sequence;
  auto response = json_response(202, StacWriter{context}.item_with_neighbours(*frame));
  add_location(response, context.base_url + "/api/collections/" + request.parameter("collection") + "/items/" + id.text());
  return response;
}

}  // namespace

Response create_collection(Request& request, Context& context) {
  auto asked = asked_in(request);
  if (!asked) return error_response(400, "The body must be a JSON object or a form");
  if (!asked->contains("title")) (*asked)["title"] = "Pictures of " + to_iso8601(context.now).substr(0, 10);
  (*asked)["no_split"] = (*asked)["no_deduplication"] = true;
  auto made = new_upload_set(*asked, request, context);
  if (auto* refusal = std::get_if<Response>(&made)) return std::move(*refusal);
  auto& set = std::get<NewUploadSet>(made).set;
  set.one_sequence = SequenceId::derived_from({"one sequence of", set.id.text()});
  context.catalogue.write([&](store::Session& session) {
    store::insert_upload_set(session, set);
    store::insert_sequence(session, empty_sequence(set));
    apply(session, set.one_sequence->text(), std::get<NewUploadSet>(made).tags);
    changes::refresh_shown_to(session, set.id);
  });
  const auto sequence = store::find_sequence(context.catalogue, *set.one_sequence);
  auto response = json_response(200, StacWriter{context}.collection(sequence.value()));
  add_location(response, context.base_url + "/api/collections/" + set.one_sequence->text());
  return response;
}

std::variant<std::unique_ptr<BodySink>, Response> open_item(Request& request, Context& context) {
  const auto sequence = requested_sequence(request, context);
  if (!sequence) return no_such_collection();
  if (auto refusal = refused_to_change(context, sequence->account, "a collection")) return *std::move(refusal);
  return open_form(request, context);
}

Response add_item(Request& request, Context& context) {
  const auto sequence = requested_sequence(request, context);
  if (!sequence) return no_such_collection();
  if (auto refusal = refused_to_change(context, sequence->account, "a collection")) return *std::move(refusal);
  const auto set = store::find_upload_set(context.catalogue, sequence->upload_set);
  if (!set || set->one_sequence != sequence->id) return error_response(400, "This collection was made from an upload set: send further pictures to a new one");
  auto& form = request.sink_as<UploadForm>();
  const auto said = stated_with_file(form, "picture");
  if (const auto* refusal = std::get_if<Response>(&said)) return *refusal;
  const auto& stated = std::get<Stated>(said);
  const auto text = value_of(form.fields(), "position");
  if (!text) return error_response(400, "The form needs a field named position");
  const auto position = whole_from(*text);
  if (!position || *position < 1 || *position > 1'000'000'000) return error_response(400, "position must be a whole number from 1");
  if (is_taken(context, set->id, static_cast<int>(*position))) return error_response(409, "There is a picture at this position already");

  // Clients of this path name every picture alike: the position makes the names different.
  auto& upload = form.upload();
  const auto name = std::to_string(*position) + "-" + as_utf8(upload->file_name.substr(0, 230));
  auto receipt = receive({name, std::move(upload->bytes), upload->names, stated.overrides, stated.frame, static_cast<int>(*position), stated.is_blurred}, *set, context,
                         [&](store::Session& session, const Receipt& written) { enter(session, written, *set, stated, context); });
  if (!receipt) return no_such_collection();
  if (receipt->outcome == Receipt::Outcome::refused) return refusal_response(*receipt->file.refusal);
  if (receipt->outcome != Receipt::Outcome::accepted) return error_response(409, "The same picture was sent before");
  if (receipt->file.kind != "picture") return error_response(202, "The file was received");
  return item_answer(context, request, *receipt->file.frame, sequence->id);
}

}  // namespace cairn::gateway
