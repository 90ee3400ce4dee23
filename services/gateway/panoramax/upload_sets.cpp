// Upload sets: making, showing, completing them.

#include "services/changes/completion.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/filter_words.hpp"
#include "services/gateway/panoramax/new_upload_set.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/gateway/panoramax/upload_answers.hpp"

namespace cairn::gateway {

using nlohmann::json;

Response create_upload_set(Request& request, Context& context) {
  const auto type = request.header("content-type").value_or("");
  if (!type.starts_with("application/json")) return error_response(415, "Send the upload set as application/json");
  const auto body = json_from_client(request.body);
  if (!body) return error_response(400, "The body is no valid JSON");
  auto made = new_upload_set(*body, request, context);
  if (auto* refusal = std::get_if<Response>(&made)) return std::move(*refusal);
  const auto& wanted = std::get<NewUploadSet>(made);
  context.catalogue.write([&wanted](store::Session& session) {
    store::insert_upload_set(session, wanted.set);
    apply(session, wanted.set.id.text(), wanted.tags);
  });

  auto response = json_response(200, upload_set_json(context, wanted.set, false));
  add_location(response, context.base_url + "/api/upload_sets/" + wanted.set.id.text());
  return response;
}

Response show_upload_set(Request& request, Context& context) {
  const auto set = requested_set(request, context);
  return set ? json_response(200, upload_set_json(context, *set, true)) : no_such_upload_set();
}

Response complete_upload_set(Request& request, Context& context) {
  const auto set = requested_set(request, context);
  if (!set) return no_such_upload_set();
  if (set->account != context.caller->account) return error_response(403, "Only its owner may complete an upload set");
  context.catalogue.write([&](store::Session& session) {
    const auto current = store::find_upload_set(session, set->id);
    const bool is_new = current && !(current->completed_at && current->dispatched_at);
    if (is_new) changes::complete_set(session, current->id, context.now);
  });
  const auto completed = store::find_upload_set(context.catalogue, set->id);
  return completed ? json_response(200, upload_set_json(context, *completed, true)) : no_such_upload_set();
}

Response list_files(Request& request, Context& context) {
  const auto set = requested_set(request, context);
  if (!set) return no_such_upload_set();
  auto files = json::array();
  for (const auto& file : store::files_of(context.catalogue, set->id)) files.push_back(file_json(context, file));
  return json_response(200, {{"files", files}, {"links", json::array({link("self", kJson, context.base_url + "/api/upload_sets/" + set->id.text())})}});
}

Response list_my_upload_sets(Request& request, Context& context) {
  const auto limit = limit_from(request.query_value("limit"), 100, 1000);
  if (!limit) return error_response(400, "limit must be a whole number above 0");
  const auto filter = filter_from_text(request.query_value("filter").value_or("dispatched = FALSE"), upload_set_words());
  if (const auto* wrong = std::get_if<std::string>(&filter)) return error_response(400, *wrong);
  auto sets = json::array();
  for (const auto& set : store::upload_sets_of(context.catalogue, context.caller->account, *limit, std::get<store::Filter>(filter))) sets.push_back(upload_set_json(context, set, true));
  return json_response(200, {{"upload_sets", sets}});
}

}  // namespace cairn::gateway
