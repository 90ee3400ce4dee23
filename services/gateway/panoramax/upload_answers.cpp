#include "services/gateway/panoramax/upload_answers.hpp"

#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/semantics.hpp"
#include "services/store/sequences.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

std::string set_url(const Context& context, UploadSetId id) { return context.base_url + "/api/upload_sets/" + id.text(); }

std::string_view panoramax_word(Reason reason) {
  switch (reason) {
    case Reason::near_duplicate: return "capture_duplicate";
    case Reason::file_duplicate: return "file_duplicate";
    case Reason::id_conflict: return "id_conflict";
    case Reason::in_privacy_zone:
    case Reason::in_excluded_area: return "in_excluded_area";
    case Reason::empty_file:
    case Reason::file_too_large:
    case Reason::not_supported:
    case Reason::broken_file:
    case Reason::picture_too_small:
    case Reason::picture_too_large: return "invalid_file";
    case Reason::no_time:
    case Reason::no_place:
    case Reason::impossible_time:
    case Reason::impossible_place: return "invalid_metadata";
    default: return "other_error";
  }
}

json interval(const store::SequenceRow& sequence) {
  return {{"temporal", {{"interval", json::array({json::array({to_iso8601(sequence.first_taken_at), to_iso8601(sequence.last_taken_at)})})}}}};
}

json collection_of_set(const Context& context, const store::SequenceRow& sequence) {
  const bool ready = sequence.state == store::SequenceState::ready;
  const json status{{"prepared", ready ? sequence.accepted : 0},
                    {"preparing", ready ? 0 : sequence.frames},
                    {"broken", 0},
                    {"not_processed", 0}};
  return {{"id", sequence.id.text()},
          {"nb_items", ready ? sequence.accepted : sequence.frames},
          {"title", sequence.title},
          {"extent", interval(sequence)},
          {"items_status", status},
          {"ready", ready},
          {"links", json::array({link("self", kJson, context.base_url + "/api/collections/" + sequence.id.text())})}};
}

json links_of(const Context& context, const store::UploadSet& set) {
  const auto url = set_url(context, set.id);
  auto links = json::array({link("self", kJson, url)});
  if (context.caller && context.caller->account == set.account) {
    links.push_back(link("edit", kJson, url));
    links.back()["method"] = "PATCH";
    links.push_back(link("delete", kJson, url));
    links.back()["method"] = "DELETE";
    links.push_back(link("add_files", "multipart/form-data", url + "/files"));
    links.back()["method"] = "POST";
    links.push_back(link("complete", kJson, url + "/complete"));
    links.back()["method"] = "POST";
  }
  return links;
}

json status_of(const SetProgress& progress) {
  return {{"prepared", progress.frames.fused},
          {"preparing", progress.frames.assembled + progress.frames.inspected},
          {"broken", progress.files.broken},
          {"rejected", progress.files.refused - progress.files.broken + progress.frames.refused},
          {"not_processed", progress.files.received + progress.frames.decoded}};
}

}  // namespace

json upload_set_json(Context& context, const store::UploadSet& set, bool with_status) {
  const SetProgress progress{store::file_counts(context.catalogue, set.id), store::frame_counts(context.catalogue, set.id)};
  json body{{"id", set.id.text()},
            {"created_at", to_iso8601(set.created_at)},
            {"completed", set.completed_at.has_value()},
            {"dispatched", set.dispatched_at.has_value()},
            {"account_id", set.account.text()},
            {"title", set.title},
            {"visibility", set.visibility},
            {"semantics", semantics_json(store::tags_of(context.catalogue, set.id.text()))},
            {"nb_items", progress.items()},
            {"links", links_of(context, set)}};
  if (set.estimated_files) body["estimated_nb_files"] = *set.estimated_files;
  if (set.metadata_json != "null") body["metadata"] = json::parse(set.metadata_json);
  body.update(json::parse(set.rules_json));
  if (with_status) body["items_status"] = status_of(progress);

  bool ready = set.dispatched_at.has_value();
  auto& collections = body["associated_collections"] = json::array();
  for (const auto& sequence : store::sequences_of_set(context.catalogue, set.id)) {
    if (sequence.deleted_at) continue;
    collections.push_back(collection_of_set(context, sequence));
    ready = ready && sequence.state == store::SequenceState::ready;
  }
  body["ready"] = ready;
  return body;
}

json file_json(const Context& context, const store::ReceivedFile& file) {
  json body{{"file_name", file.name},
            {"content_md5", file.md5},
            {"inserted_at", to_iso8601(file.received_at)},
            {"file_type", file.kind},
            {"size", file.size},
            {"links", json::array({link("parent", kJson, set_url(context, file.upload_set))})}};
  if (file.frame && !file.refusal) body["picture_id"] = file.frame->text();
  if (file.refusal) body["rejected"] = refusal_json(*file.refusal);
  return body;
}

std::string message_of(const Refusal& refusal) {
  std::string message{sentence_of(refusal.reason)};
  return refusal.detail.empty() ? message : message + " Found: " + refusal.detail + ".";
}

json refusal_json(const Refusal& refusal) {
  json details{{"code", code_of(refusal.reason)}};
  if (!refusal.detail.empty()) details["detail"] = refusal.detail;
  if (refusal.reason == Reason::no_time) details["missing_fields"] = json::array({"datetime"});
  if (refusal.reason == Reason::no_place) details["missing_fields"] = json::array({"location"});
  return {{"reason", panoramax_word(refusal.reason)},
          {"severity", refusal.reason == Reason::near_duplicate ? "info" : "error"},
          {"message", message_of(refusal)},
          {"details", details}};
}

Response refusal_response(const Refusal& refusal) {
  auto details = refusal_json(refusal)["details"];
  details["error"] = message_of(refusal);
  return error_response(400, sentence_of(refusal.reason), details);
}

}  // namespace cairn::gateway
