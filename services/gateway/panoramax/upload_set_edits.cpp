// PATCH and DELETE of upload sets: only by their owner.

#include "services/changes/visibility.hpp"
#include "services/changes/withdraw.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/panoramax/edit_words.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/gateway/panoramax/upload_answers.hpp"
#include "services/gateway/panoramax/upload_rules.hpp"
#include "services/store/sequences.hpp"

namespace cairn::gateway {

using nlohmann::json;

Response patch_upload_set(Request& request, Context& context) {
  const auto set = requested_set(request, context);
  if (!set) return no_such_upload_set();
  if (auto refusal = refused_to_change(context, set->account, "an upload set")) return *std::move(refusal);
  auto parsed = object_from(request, "the changes");
  if (auto* refusal = std::get_if<Response>(&parsed)) return std::move(*refusal);
  const auto& body = std::get<json>(parsed);
  auto words = words_in(body);
  auto rules = changed_rules(set->rules_json, body, words.problems);
  if (!words.problems.empty()) return invalid("The upload set can't be changed: see details", words.problems);
  context.catalogue.write([&](store::Session& session) {
    auto current = store::find_upload_set(session, set->id);
    if (!current) return;
    current->rules_json = rules;
    store::update_upload_set(session, *current);
    apply(session, set->id.text(), words.tags);
    if (words.visibility) changes::set_visibility_of_set(session, set->id, *words.visibility, context.now);
    if (!is_given(body, "relative_heading")) return;
    for (const auto& sequence : store::sequences_of_set(session, set->id)) changes::fuse_again(session, sequence.id, context.now);
  });
  const auto changed = store::find_upload_set(context.catalogue, set->id);
  return changed ? json_response(200, upload_set_json(context, *changed, true)) : no_such_upload_set();
}

Response delete_upload_set(Request& request, Context& context) {
  const auto set = requested_set(request, context);
  if (!set) return context.caller ? no_such_upload_set() : refused_to_change(context, {}, "").value();
  if (auto refusal = refused_to_change(context, set->account, "an upload set")) return *std::move(refusal);
  context.catalogue.write([&](store::Session& session) { changes::withdraw_set(session, set->id, context.now); });
  return Response{204, "", {}, {}};
}

}  // namespace cairn::gateway
