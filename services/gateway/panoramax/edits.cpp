// PATCH and DELETE of upload sets, collections and items: only by their owner.

#include "services/changes/dirty_tiles.hpp"
#include "services/changes/private_areas.hpp"
#include "services/changes/visibility.hpp"
#include "services/changes/withdraw.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/semantics.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/gateway/panoramax/stac.hpp"
#include "services/gateway/panoramax/upload_answers.hpp"
#include "services/gateway/panoramax/upload_rules.hpp"
#include "services/store/sequences.hpp"

#include <algorithm>

namespace cairn::gateway {
namespace {

using nlohmann::json;

Response gone() { return {204, "", {}, {}}; }
Response no_such_set() { return error_response(404, "There is no such upload set"); }

bool is_given(const json& body, const char* name) { return body.contains(name) && !body[name].is_null(); }

/// What is common to all: visibility and tags.
struct Words {
  std::optional<std::string> visibility;
  std::vector<TagChange> tags;
  json problems = json::array();
};

Words words_in(const json& body) {
  Words words;
  if (is_given(body, "visibility")) {
    const bool sound = body["visibility"].is_string() && changes::is_visibility(body["visibility"]);
    if (sound) words.visibility = body["visibility"].get<std::string>();
    else words.problems.push_back(problem("visibility", "must be one of anyone, logged-only, owner-only", body["visibility"]));
  }
  auto tags = tag_changes_from(body.contains("semantics") ? body["semantics"] : json());
  if (const auto* wrong = std::get_if<std::string>(&tags)) words.problems.push_back(problem("semantics", *wrong, body["semantics"]));
  else words.tags = std::get<std::vector<TagChange>>(std::move(tags));
  return words;
}

// -- items --------------------------------------------------------------------------------------------------------------

std::optional<double> number_at(const json& body, const char* name, double least, double most) {
  if (!is_given(body, name) || !body[name].is_number()) return std::nullopt;
  const double value = body[name].get<double>();
  return value >= least && value <= most ? std::optional{value} : std::nullopt;
}

/// The sentence about what is wrong, or nothing.
std::optional<std::string> read_stated(const json& body, store::Stated& stated) {
  if (is_given(body, "heading") && !(stated.heading_deg = number_at(body, "heading", 0, 360))) return "heading must be degrees from 0 to 360: 0 is north, 90 east";
  if (is_given(body, "pitch") && !(stated.pitch_deg = number_at(body, "pitch", -90, 90))) return "pitch must be degrees from -90 to 90";
  if (is_given(body, "roll") && !(stated.roll_deg = number_at(body, "roll", -180, 180))) return "roll must be degrees from -180 to 180";
  if (is_given(body, "capture_time")) {
    if (body["capture_time"].is_string()) stated.taken_at = time_from_iso8601(body["capture_time"].get<std::string>());
    if (!stated.taken_at) return "capture_time must be an ISO 8601 time";
  }
  if (is_given(body, "longitude") != is_given(body, "latitude")) return "longitude and latitude go together: send both or none";
  if (is_given(body, "longitude")) {
    const auto lon = number_at(body, "longitude", -180, 180);
    const auto lat = number_at(body, "latitude", -90, 90);
    if (lon && lat) stated.place = LatLon::from_degrees(*lat, *lon);
    if (!stated.place) return "longitude and latitude must be degrees on the globe";
  }
  return std::nullopt;
}

bool says_nothing(const store::Stated& stated, const Words& words) {
  return !stated.taken_at && !stated.place && !stated.heading_deg && !stated.pitch_deg && !stated.roll_deg && !words.visibility && words.tags.empty();
}

void touch(store::Session& session, const store::FrameRow& frame, UtcTime now) {
  auto sequence = frame.sequence ? store::find_sequence(session, *frame.sequence) : std::nullopt;
  if (!sequence) return;
  sequence->updated_at = now;
  store::update_owners_words(session, *sequence);
}

void change_item(store::Session& session, FrameId id, const store::Stated& stated, const Words& words, UtcTime now) {
  auto frame = store::find_frame(session, id);
  if (!frame) return;
  const auto before = frame->place;
  store::state(session, *frame, stated);
  if (frame->published) changes::mark_tiles_dirty(session, {before, frame->place}, now);
  if (stated.place && changes::take_away_private_frames(session, frame->account, {*frame}, now)) return;
  apply(session, id.text(), words.tags);
  if (words.visibility) changes::set_visibility_of_frame(session, *frame, words.visibility, now);
  touch(session, *frame, now);
}

// -- collections --------------------------------------------------------------------------------------------------------

bool is_title(const json& value) {
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  return !text.empty() && text.size() <= 500 && is_plain_text(text);
}

std::optional<std::string> order_from(const json& value) {
  if (!value.is_string()) return std::nullopt;
  for (const char* order : {"+gpsdate", "-gpsdate", "+filedate", "-filedate", "+filename", "-filename"}) {
    if (value == order) return std::string{order[0]} + (std::string_view{order}.ends_with("filename") ? "filename" : "gpsdate");
  }
  return std::nullopt;
}

void change_sequence(store::Session& session, SequenceId id, const json& body, const Words& words, UtcTime now) {
  auto sequence = store::find_sequence(session, id);
  if (!sequence) return;
  if (is_given(body, "title")) sequence->title = body["title"];
  if (is_given(body, "sortby")) sequence->sorted_by = order_from(body["sortby"]).value();
  sequence->updated_at = now;
  store::update_owners_words(session, *sequence);
  if (is_given(body, "sortby")) store::show_in_order(session, *sequence);
  apply(session, id.text(), words.tags);
  if (words.visibility) changes::set_visibility_of_sequence(session, *sequence, words.visibility, now);
}

/// heading of every picture = the way to its neighbour, turned by so many degrees
void turn_frames(store::Session& session, SequenceId id, double relative_deg) {
  auto frames = store::frames_of_sequence(session, id);
  if (frames.size() < 2) return;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const bool last = i + 1 == frames.size();
    const double way = last ? bearing_deg(frames[i - 1].place, frames[i].place) : bearing_deg(frames[i].place, frames[i + 1].place);
    store::Stated stated;
    stated.heading_deg = heading_within_circle(way + relative_deg);
    store::state(session, frames[i], stated);
  }
}

std::vector<LatLon> places_of(store::Session& session, SequenceId id) {
  std::vector<LatLon> places;
  for (const auto& frame : store::frames_of_sequence(session, id)) {
    if (frame.published) places.push_back(frame.place);
  }
  return places;
}

}  // namespace

Response patch_upload_set(Request& request, Context& context) {
  const auto set = requested_set(request, context);
  if (!set) return no_such_set();
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
  return changed ? json_response(200, upload_set_json(context, *changed, true)) : no_such_set();
}

Response delete_upload_set(Request& request, Context& context) {
  const auto set = requested_set(request, context);
  if (!set) return context.caller ? no_such_set() : refused_to_change(context, {}, "").value();
  if (auto refusal = refused_to_change(context, set->account, "an upload set")) return *std::move(refusal);
  context.catalogue.write([&](store::Session& session) { changes::withdraw_set(session, set->id, context.now); });
  return gone();
}

Response patch_collection(Request& request, Context& context) {
  const auto sequence = requested_sequence(request, context);
  if (!sequence) return no_such_collection();
  if (auto refusal = refused_to_change(context, sequence->account, "a collection")) return *std::move(refusal);
  auto parsed = object_from(request, "the changes");
  if (auto* refusal = std::get_if<Response>(&parsed)) return std::move(*refusal);
  const auto& body = std::get<json>(parsed);
  auto words = words_in(body);
  if (is_given(body, "title") && !is_title(body["title"])) words.problems.push_back(problem("title", "must be 1 to 500 bytes of plain text", body["title"]));
  if (is_given(body, "sortby") && !order_from(body["sortby"])) words.problems.push_back(problem("sortby", "must be +gpsdate, -gpsdate, +filename or -filename", body["sortby"]));
  const auto relative = number_at(body, "relative_heading", -360, 360);
  if (is_given(body, "relative_heading") && !relative) words.problems.push_back(problem("relative_heading", "must be degrees from -360 to 360", body["relative_heading"]));
  if (!words.problems.empty()) return invalid("The collection can't be changed: see details", words.problems);
  context.catalogue.write([&](store::Session& session) {
    change_sequence(session, sequence->id, body, words, context.now);
    if (!relative) return;
    turn_frames(session, sequence->id, *relative);
    changes::mark_tiles_dirty(session, places_of(session, sequence->id), context.now);
  });
  const auto changed = store::find_sequence(context.catalogue, sequence->id);
  return changed ? json_response(200, StacWriter{context}.collection(*changed)) : no_such_collection();
}

Response delete_collection(Request& request, Context& context) {
  const auto sequence = requested_sequence(request, context);
  if (!sequence) return context.caller ? no_such_collection() : refused_to_change(context, {}, "").value();
  if (auto refusal = refused_to_change(context, sequence->account, "a collection")) return *std::move(refusal);
  context.catalogue.write([&](store::Session& session) { changes::withdraw_sequence(session, *sequence, context.now); });
  return gone();
}

Response patch_item(Request& request, Context& context) {
  const auto frame = requested_frame(request, context);
  if (!frame) return no_such_picture();
  if (auto refusal = refused_to_change(context, frame->account, "a picture")) return *std::move(refusal);
  auto parsed = object_from(request, "the changes");
  if (auto* refusal = std::get_if<Response>(&parsed)) return std::move(*refusal);
  const auto words = words_in(std::get<json>(parsed));
  if (!words.problems.empty()) return invalid("The picture can't be changed: see details", words.problems);
  store::Stated stated;
  if (const auto wrong = read_stated(std::get<json>(parsed), stated)) return error_response(400, *wrong);
  if (says_nothing(stated, words)) return {304, "", {}, {}};
  context.catalogue.write([&](store::Session& session) { change_item(session, frame->id, stated, words, context.now); });
  return show_item(request, context);
}

Response delete_item(Request& request, Context& context) {
  const auto frame = requested_frame(request, context);
  if (!frame) return context.caller ? no_such_picture() : refused_to_change(context, {}, "").value();
  if (auto refusal = refused_to_change(context, frame->account, "a picture")) return *std::move(refusal);
  context.catalogue.write([&](store::Session& session) {
    const auto current = store::find_frame(session, frame->id);
    if (current) changes::withdraw_frame(session, *current, context.now);
  });
  return gone();
}

}  // namespace cairn::gateway
