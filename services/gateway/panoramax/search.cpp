// GET and POST /api/search: published frames by place, time, sequence or id.

#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/area.hpp"
#include "services/gateway/panoramax/filter_words.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/gateway/panoramax/stac.hpp"
#include "services/store/published.hpp"

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
  bool by_time = false;                 ///< unless a certain order was asked for
  std::optional<Area> area;
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
  if (text_at(asked, "intersects")) return "bbox and intersects can't go together";
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

/// A GeoJSON geometry, also as a text in a query.
std::optional<std::string> read_intersects(const json& asked, Wanted& wanted) {
  if (!asked.contains("intersects") || asked["intersects"].is_null()) return std::nullopt;
  auto geometry = std::optional{asked["intersects"]};
  if (geometry->is_string()) geometry = json_from_client(geometry->get_ref<const std::string&>());
  wanted.area = geometry ? Area::from_geojson(*geometry) : std::nullopt;
  if (!wanted.area) return "intersects must be a GeoJSON Point, LineString, Polygon or MultiPolygon of at most 10000 corners";
  wanted.frames.within = wanted.area->bounds();
  const auto& box = *wanted.frames.within;
  wanted.centre = LatLon::from_degrees((box.south_deg + box.north_deg) / 2, (box.west_deg + box.east_deg) / 2);
  return std::nullopt;
}

/// CQL2: a text, or in a body also its JSON form.
std::optional<std::string> read_filter(const json& asked, Wanted& wanted) {
  if (!asked.contains("filter") || asked["filter"].is_null()) return std::nullopt;
  const auto& given = asked["filter"];
  const bool as_json = given.is_object() || text_at(asked, "filter-lang").value_or("cql2-text") == "cql2-json";
  auto tree = given.is_string() && as_json ? json_from_client(given.get_ref<const std::string&>()) : std::optional{given};
  if (!tree || (!as_json && !given.is_string())) return "filter must be CQL2, as text or JSON";
  auto filter = as_json ? filter_from_json(*tree, item_words()) : filter_from_text(given.get_ref<const std::string&>(), item_words());
  if (const auto* wrong = std::get_if<std::string>(&filter)) return *wrong;
  wanted.frames.filter = std::get<store::Filter>(std::move(filter));
  return std::nullopt;
}

/// "-ts", or in a body [{"field": "ts", "direction": "desc"}].
std::optional<std::string> read_order(const json& asked, Wanted& wanted) {
  if (!asked.contains("sortby") || asked["sortby"].is_null()) return std::nullopt;
  constexpr const char* kProblem = "sortby must be ts or datetime, with + or - before it";
  std::string text;
  const auto& given = asked["sortby"];
  if (given.is_string()) text = given.get<std::string>();
  if (given.is_array() && given.size() == 1 && given[0].is_object() && given[0].value("field", json()).is_string())
    text = (given[0].value("direction", json()) == "desc" ? "-" : "+") + given[0]["field"].get<std::string>();
  const bool falling = text.starts_with('-');
  if (falling || text.starts_with('+') || text.starts_with(' ')) text.erase(0, 1);
  if (text != "ts" && text != "datetime" && text != "properties.datetime") return kProblem;
  wanted.frames.order = falling ? store::FrameSearch::Order::time_descending : store::FrameSearch::Order::time;
  wanted.by_time = true;
  return std::nullopt;
}

bool fits(const store::FrameRow& frame, const Wanted& wanted) {
  if (wanted.area && !wanted.area->holds(frame.place)) return false;
  const double away = ground_distance_m(frame.place, *wanted.centre);
  if (away < wanted.least_m || away > wanted.most_m) return false;
  if (!wanted.facing_within_deg || frame.capture.camera.projection == Projection::equirectangular || !frame.heading_deg) return true;
  return std::abs(turn_deg(*frame.heading_deg, bearing_deg(frame.place, *wanted.centre))) <= *wanted.facing_within_deg;
}

void keep_first(std::vector<store::FrameRow>& frames, int limit) {
  const auto most = static_cast<std::size_t>(limit);
  if (frames.size() > most) frames.erase(frames.begin() + limit, frames.end());
}

/// The part of a box within so many metres to the north, south, east and west of a place.
GeoBounds part_around(LatLon centre, double metres, const GeoBounds& box) {
  const auto low = moved(centre, {-metres, -metres}), high = moved(centre, {metres, metres});
  return {std::max(box.west_deg, low.lon_deg()), std::max(box.south_deg, low.lat_deg()), std::min(box.east_deg, high.lon_deg()), std::min(box.north_deg, high.lat_deg())};
}

double reach_m(LatLon centre, const GeoBounds& box) {
  double reach = 0;
  for (const double lat : {box.south_deg, box.north_deg}) {
    for (const double lon : {box.west_deg, box.east_deg}) reach = std::max(reach, ground_distance_m(centre, LatLon::from_degrees(lat, lon).value_or(centre)));
  }
  return reach;
}

/// The nearest ones to the centre. Squares around it grow until the circle in one holds enough of them, so that a box over a
/// whole country costs no more than what lies around its middle.
std::vector<store::FrameRow> nearest(Context& context, const Wanted& wanted) {
  auto search = wanted.frames;
  const auto centre = *wanted.centre;
  const auto whole = *search.within;
  constexpr double kFarthestSquare_m = 1'000'000;  // moved() is a step on a plane
  search.order = store::FrameSearch::Order::distance;
  search.centre = centre;
  search.limit = kMost;
  std::vector<store::FrameRow> frames;
  for (double radius_m = 100;; radius_m *= 4) {
    const bool all = radius_m >= std::min(reach_m(centre, whole), kFarthestSquare_m);
    search.within = all ? whole : part_around(centre, radius_m, whole);
    frames = store::search_frames(context.catalogue, search);
    const bool cut = frames.size() == static_cast<std::size_t>(kMost);
    std::erase_if(frames, [&](const auto& frame) { return !fits(frame, wanted) || (!all && ground_distance_m(frame.place, centre) > radius_m); });
    if (all || cut || frames.size() >= static_cast<std::size_t>(wanted.frames.limit)) break;
  }
  std::ranges::stable_sort(frames, {}, [&](const auto& frame) { return ground_distance_m(frame.place, centre); });
  keep_first(frames, wanted.frames.limit);
  return frames;
}

/// In the order of time; what the catalogue can't judge is left out of the first 10,000 that it finds.
std::vector<store::FrameRow> by_time(Context& context, const Wanted& wanted) {
  auto search = wanted.frames;
  if (wanted.centre) search.limit = kMost;
  auto frames = store::search_frames(context.catalogue, search);
  if (wanted.centre) std::erase_if(frames, [&](const auto& frame) { return !fits(frame, wanted); });
  keep_first(frames, wanted.frames.limit);
  return frames;
}

Response search(const json& asked, Context& context) {
  Wanted wanted;
  wanted.frames.viewer = viewer_of(context);
  for (const auto read : {read_box, read_intersects, read_ids, read_time_and_limit, read_place, read_filter, read_order}) {
    if (const auto problem = read(asked, wanted)) return error_response(400, *problem, {{"error", *problem}});
  }
  const auto links = json::array({link("root", kJson, context.base_url + "/api"), link("self", kGeoJson, context.base_url + "/api/search")});
  return json_response(200, StacWriter{context}.feature_collection(wanted.centre && !wanted.by_time ? nearest(context, wanted) : by_time(context, wanted), links), std::string{kGeoJson});
}

}  // namespace

Response search_get(Request& request, Context& context) { return search(as_object(request.query), context); }

Response search_post(Request& request, Context& context) {
  if (!request.header("content-type").value_or("").starts_with(kJson)) return error_response(400, "Send the search as application/json");
  auto asked = object_from(request, "the search");
  if (auto* refusal = std::get_if<Response>(&asked)) return std::move(*refusal);
  return search(std::get<json>(asked), context);
}

}  // namespace cairn::gateway
