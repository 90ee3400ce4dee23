// PATCH and DELETE of items: only by their owner.

#include "services/changes/dirty_tiles.hpp"
#include "services/changes/feed.hpp"
#include "services/changes/private_areas.hpp"
#include "services/changes/visibility.hpp"
#include "services/changes/withdraw.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/panoramax/edit_words.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/store/sequences.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

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
  if (frame->published) changes::mark_tiles_dirty(session, changes::kSetsOfPictures, {before, frame->place}, now);
  if (frame->published && before != frame->place) changes::tell_pictures(session, {id}, now);
  if (stated.place && changes::take_away_private_frames(session, frame->account, {*frame}, now)) return;
  apply(session, id.text(), words.tags);
  if (words.visibility) changes::set_visibility_of_frame(session, *frame, words.visibility, now);
  touch(session, *frame, now);
}

}  // namespace

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
  return Response{204, "", {}, {}};
}

}  // namespace cairn::gateway
