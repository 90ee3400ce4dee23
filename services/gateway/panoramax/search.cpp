// GET and POST /api/search: published frames by place, time, sequence or id.

#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/stac.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::gateway {
namespace {

using nlohmann::json;

constexpr int kMost = 10'000;

/// A search as asked, before it becomes one of the catalogue.
struct Wanted {
  store::FrameSearch frames;
  std::optional<LatLon> centre;         ///< answers come in the order of their distance to it
  double least_m = 0, most_m = 1e9;     ///< distance to the centre
  std::optional<double> facing_within_deg;  ///< the picture looks towards the centre, give or take
};

/// The query of a GET and the body of a POST in one form: a JSON object whose values may be texts.
json as_object(const Pairs& query) {
  json object = json::object();
  for (const auto& [name, value] : query) object[name] = value;
  return object;
}

std::optional<std::string> text_at(const json& asked, const char* name) {
  if (!asked.contains(name) || asked[name].is_null()) return std::nullopt;
  const auto& value = asked[name];
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string list;
  for (const auto& part : value) list += (list.empty() ? "" : ",") + (part.is_string() ? part.get<std::string>() : part.dump());
  return list;
}

/// "a,b" or a JSON array in a text, as [\"a\",\"b\"] in a query.
template <class AnyId>
std::optional<std::vector<AnyId>> ids_from(std::string text) {
  std::erase_if(text, [](char c) { return std::string_view{"[]\"' "}.find(c) != std::string_view::npos; });
  std::vector<AnyId> ids;
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = std::min(rest.find(','), rest.size());
    const auto id = AnyId::parse(rest.substr(0, end));
    if (!id) return std::nullopt;
    ids.push_back(*id);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return ids.size() <= kMost ? std::optional{ids} : std::nullopt;
}

std::optional<std::string> read_box(const json& asked, Wanted& wanted) {
  const auto text = text_at(asked, "bbox");
  if (!text) return std::nullopt;
  if (asked.contains("intersects")) return "bbox and intersects can't go together";
  const auto box = box_from(*text);
  if (!box) return "bbox must be west,south,east,north in degrees";
  wanted.frames.within = GeoBounds{(*box)[0], (*box)[1], (*box)[2], (*box)[3]};
  wanted.centre = LatLon::from_degrees(((*box)[1] + (*box)[3]) / 2, ((*box)[0] + (*box)[2]) / 2);
  return std::nullopt;
}

std::optional<std::string> read_ids(const json& asked, Wanted& wanted) {
  if (const auto text = text_at(asked, "ids")) {
    const auto ids = ids_from<FrameId>(*text);
    if (!ids) return "ids must be a list of picture ids";
    wanted.frames.ids = *ids;
  }
  if (const auto text = text_at(asked, "collections")) {
    const auto ids = ids_from<SequenceId>(*text);
    if (!ids) return "collections must be a list of collection ids";
    wanted.frames.sequences = *ids;
  }
  return std::nullopt;
}

std::optional<std::string> read_time_and_limit(const json& asked, Wanted& wanted) {
  if (const auto text = text_at(asked, "datetime")) {
    const auto span = time_span_from(*text);
    if (!span) return "datetime must be an RFC 3339 time, or two apart by a slash";
    wanted.frames.taken_after = span->after;
    wanted.frames.taken_before = span->before;
  }
  const auto limit = limit_from(text_at(asked, "limit"), 10, kMost);
  if (!limit) return "limit must be a whole number from 1 to 10000";
  wanted.frames.limit = *limit;
  return std::nullopt;
}

/// place_position=lon,lat with place_distance=min-max metres (3-15 m) and place_fov_tolerance degrees (2-180).
std::optional<std::string> read_place(const json& asked, Wanted& wanted) {
  const auto position = text_at(asked, "place_position");
  if (!position) return std::nullopt;
  const auto comma = position->find(',');
  const auto lon = number_from(position->substr(0, comma));
  const auto lat = comma == std::string::npos ? std::nullopt : number_from(position->substr(comma + 1));
  const auto place = lon && lat ? LatLon::from_degrees(*lat, *lon) : std::nullopt;
  if (!place) return "place_position must be longitude,latitude in degrees";
  const auto range = text_at(asked, "place_distance").value_or("3-15");
  const auto dash = range.find('-');
  const auto least = number_from(range.substr(0, dash));
  const auto most = dash == std::string::npos ? std::nullopt : number_from(range.substr(dash + 1));
  if (!least || !most || *least < 0 || *most < *least || *most > 10'000) return "place_distance must be min-max in metres";
  if (const auto text = text_at(asked, "place_fov_tolerance")) {
    wanted.facing_within_deg = number_from(*text);
    if (!wanted.facing_within_deg || *wanted.facing_within_deg < 2 || *wanted.facing_within_deg > 180)
      return "place_fov_tolerance must be from 2 to 180 degrees";
  } else {
    wanted.facing_within_deg = 30;
  }
  wanted.least_m = *least;
  wanted.most_m = *most;
  wanted.centre = place;
  const auto low = moved(*place, {-*most, -*most});
  const auto high = moved(*place, {*most, *most});
  wanted.frames.within = GeoBounds{low.lon_deg(), low.lat_deg(), high.lon_deg(), high.lat_deg()};
  return std::nullopt;
}

bool fits(const store::FrameRow& frame, const Wanted& wanted) {
  const double away = ground_distance_m(frame.place, *wanted.centre);
  if (away < wanted.least_m || away > wanted.most_m) return false;
  if (!wanted.facing_within_deg || frame.capture.camera.projection == Projection::equirectangular || !frame.heading_deg) return true;
  return std::abs(turn_deg(*frame.heading_deg, bearing_deg(frame.place, *wanted.centre))) <= *wanted.facing_within_deg;
}

std::vector<store::FrameRow> found(Context& context, Wanted wanted) {
  const auto limit = static_cast<std::size_t>(wanted.frames.limit);
  if (wanted.centre) wanted.frames.limit = kMost;
  auto frames = store::search_frames(context.catalogue, wanted.frames);
  if (!wanted.centre) return frames;
  std::erase_if(frames, [&](const auto& frame) { return !fits(frame, wanted); });
  std::ranges::stable_sort(frames, {}, [&](const auto& frame) { return ground_distance_m(frame.place, *wanted.centre); });
  if (frames.size() > limit) frames.erase(frames.begin() + static_cast<std::ptrdiff_t>(limit), frames.end());
  return frames;
}

Response search(const json& asked, Context& context) {
  Wanted wanted;
  for (const auto read : {read_box, read_ids, read_time_and_limit, read_place}) {
    if (const auto problem = read(asked, wanted)) return error_response(400, *problem);
  }
  if (asked.contains("intersects")) return error_response(400, "intersects is not supported here: use bbox");
  if (asked.contains("filter")) return error_response(400, "filter is not supported here: use bbox, datetime, ids or collections");
  const auto links = json::array({link("root", kJson, context.base_url + "/api"), link("self", kGeoJson, context.base_url + "/api/search")});
  return json_response(200, StacWriter{context}.feature_collection(found(context, wanted), links), std::string{kGeoJson});
}

}  // namespace

Response search_get(Request& request, Context& context) { return search(as_object(request.query), context); }

Response search_post(Request& request, Context& context) {
  if (!request.header("content-type").value_or("").starts_with("application/json")) return error_response(415, "Send the search as application/json");
  const auto asked = json_from_client(request.body);
  if (!asked || !asked->is_object()) return error_response(400, "The body must be a JSON object");
  return search(*asked, context);
}

}  // namespace cairn::gateway
