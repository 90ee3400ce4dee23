#include "services/gateway/panoramax/search_words.hpp"

#include "services/gateway/http/http.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/filter_words.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

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
  return ids.size() <= kMostFound ? std::optional{ids} : std::nullopt;
}

std::optional<std::string> read_box(const json& asked, Search& search) {
  const auto text = text_at(asked, "bbox");
  if (!text) return std::nullopt;
  if (text_at(asked, "intersects")) return "bbox and intersects can't go together";
  const auto box = box_from(*text);
  if (!box) return "bbox must be west,south,east,north in degrees";
  search.frames.within = GeoBounds{(*box)[0], (*box)[1], (*box)[2], (*box)[3]};
  search.centre = LatLon::from_degrees(((*box)[1] + (*box)[3]) / 2, ((*box)[0] + (*box)[2]) / 2);
  return std::nullopt;
}

std::optional<std::string> read_ids(const json& asked, Search& search) {
  if (const auto text = text_at(asked, "ids")) {
    const auto ids = ids_from<FrameId>(*text);
    if (!ids) return "ids must be a list of picture ids";
    search.frames.ids = *ids;
  }
  if (const auto text = text_at(asked, "collections")) {
    const auto ids = ids_from<SequenceId>(*text);
    if (!ids) return "collections must be a list of collection ids";
    search.frames.sequences = *ids;
  }
  return std::nullopt;
}

std::optional<std::string> read_time_and_limit(const json& asked, Search& search) {
  if (const auto text = text_at(asked, "datetime")) {
    const auto span = time_span_from(*text);
    if (!span) return "datetime must be an RFC 3339 time, or two apart by a slash";
    search.frames.taken_after = span->after;
    search.frames.taken_before = span->before;
  }
  const auto limit = limit_from(text_at(asked, "limit"), 10, kMostFound);
  if (!limit) return "limit must be a whole number from 1 to 10000";
  search.frames.limit = *limit;
  return std::nullopt;
}

/// place_position=lon,lat with place_distance=min-max metres (3-15 m) and place_fov_tolerance degrees (2-180).
std::optional<std::string> read_place(const json& asked, Search& search) {
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
    search.facing_within_deg = number_from(*text);
    if (!search.facing_within_deg || *search.facing_within_deg < 2 || *search.facing_within_deg > 180)
      return "place_fov_tolerance must be from 2 to 180 degrees";
  } else {
    search.facing_within_deg = 30;
  }
  search.least_m = *least;
  search.most_m = *most;
  search.centre = place;
  const auto low = moved(*place, {-*most, -*most});
  const auto high = moved(*place, {*most, *most});
  search.frames.within = GeoBounds{low.lon_deg(), low.lat_deg(), high.lon_deg(), high.lat_deg()};
  return std::nullopt;
}

/// A GeoJSON geometry, also as a text in a query.
std::optional<std::string> read_intersects(const json& asked, Search& search) {
  if (!asked.contains("intersects") || asked["intersects"].is_null()) return std::nullopt;
  auto geometry = std::optional{asked["intersects"]};
  if (geometry->is_string()) geometry = json_from_client(geometry->get_ref<const std::string&>());
  search.area = geometry ? Area::from_geojson(*geometry) : std::nullopt;
  if (!search.area) return "intersects must be a GeoJSON Point, LineString, Polygon or MultiPolygon of at most 10000 corners";
  search.frames.within = search.area->bounds();
  const auto& box = *search.frames.within;
  search.centre = LatLon::from_degrees((box.south_deg + box.north_deg) / 2, (box.west_deg + box.east_deg) / 2);
  return std::nullopt;
}

/// CQL2: a text, or in a body also its JSON form.
std::optional<std::string> read_filter(const json& asked, Search& search) {
  if (!asked.contains("filter") || asked["filter"].is_null()) return std::nullopt;
  const auto& given = asked["filter"];
  const bool as_json = given.is_object() || text_at(asked, "filter-lang").value_or("cql2-text") == "cql2-json";
  auto tree = given.is_string() && as_json ? json_from_client(given.get_ref<const std::string&>()) : std::optional{given};
  if (!tree || (!as_json && !given.is_string())) return "filter must be CQL2, as text or JSON";
  auto filter = as_json ? filter_from_json(*tree, item_words()) : filter_from_text(given.get_ref<const std::string&>(), item_words());
  if (const auto* wrong = std::get_if<std::string>(&filter)) return *wrong;
  search.frames.filter = std::get<store::Filter>(std::move(filter));
  return std::nullopt;
}

/// "-ts", or in a body [{"field": "ts", "direction": "desc"}].
std::optional<std::string> read_order(const json& asked, Search& search) {
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
  search.frames.order = falling ? store::FrameSearch::Order::time_descending : store::FrameSearch::Order::time;
  search.by_time = true;
  return std::nullopt;
}

}  // namespace

std::optional<std::string> read_search(const json& asked, Search& search) {
  for (const auto read : {read_box, read_intersects, read_ids, read_time_and_limit, read_place, read_filter, read_order}) {
    if (auto problem = read(asked, search)) return problem;
  }
  return std::nullopt;
}

}  // namespace cairn::gateway
