// PATCH and DELETE of collections: only by their owner.

#include "services/changes/dirty_tiles.hpp"
#include "services/changes/visibility.hpp"
#include "services/changes/withdraw.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/panoramax/edit_words.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/gateway/panoramax/stac.hpp"
#include "services/store/sequences.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

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
    changes::mark_tiles_dirty(session, changes::kSetsOfPictures, places_of(session, sequence->id), context.now);
  });
  const auto changed = store::find_sequence(context.catalogue, sequence->id);
  return changed ? json_response(200, StacWriter{context}.collection(*changed)) : no_such_collection();
}

Response delete_collection(Request& request, Context& context) {
  const auto sequence = requested_sequence(request, context);
  if (!sequence) return context.caller ? no_such_collection() : refused_to_change(context, {}, "").value();
  if (auto refusal = refused_to_change(context, sequence->account, "a collection")) return *std::move(refusal);
  context.catalogue.write([&](store::Session& session) { changes::withdraw_sequence(session, *sequence, context.now); });
  return Response{204, "", {}, {}};
}

}  // namespace cairn::gateway
