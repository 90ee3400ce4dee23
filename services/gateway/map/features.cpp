// What stands on the map, as GeoJSON, with the evidence behind each thing (law 8).

#include "services/gateway/map/features.hpp"

#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/store/map.hpp"

#include <algorithm>

namespace cairn::gateway {
namespace {

using nlohmann::json;

constexpr int kMost = 10'000;

json feature_json(const Feature& feature, const std::string& list) {
  json properties{{"class", code_of(feature.object)},
                  {"state", feature.state == FeatureState::confirmed ? "confirmed" : "seen"},
                  {"existence", feature.existence},
                  {"accuracy_m", feature.accuracy_m},
                  {"height_m", feature.height_m},
                  {"first_seen", to_iso8601(feature.first_seen)},
                  {"last_seen", to_iso8601(feature.last_seen)},
                  {"views", feature.views},
                  {"contributors", feature.contributors}};
  if (feature.facing_deg) properties["facing_deg"] = *feature.facing_deg;
  return {{"type", "Feature"},
          {"id", feature.id.text()},
          {"geometry", point(feature.place)},
          {"properties", properties},
          {"links", json::array({link("self", kGeoJson, list + "/" + feature.id.text())})}};
}

std::string page_mark_of(const store::FeatureMark& mark) { return std::to_string(mark.morton) + "_" + mark.id.text(); }

std::optional<store::FeatureMark> mark_from(std::string_view text) {
  const auto cut = text.find('_');
  if (cut == std::string_view::npos) return std::nullopt;
  const auto morton = whole_from(text.substr(0, cut));
  const auto id = FeatureId::parse(text.substr(cut + 1));
  return morton && *morton >= 0 && id ? std::optional{store::FeatureMark{*morton, *id}} : std::nullopt;
}

/// Fills the page from the query; the sentence about what is wrong, or nothing.
std::optional<std::string> read_page(const Request& request, store::FeaturePage& page) {
  const auto limit = limit_from(request.query_value("limit"), 1000, kMost);
  if (!limit) return "limit must be a whole number from 1 to 10000";
  page.limit = *limit;
  if (const auto text = request.query_value("bbox")) {
    const auto box = round_box_from(*text);
    if (!box) return "bbox must be west,south,east,north in degrees";
    page.within = GeoBounds{(*box)[0], (*box)[1], (*box)[2], (*box)[3]};
  }
  if (const auto text = request.query_value("datetime")) {
    const auto span = time_span_from(*text);
    if (!span) return "datetime must be an RFC 3339 time, or two apart by a slash";
    page.seen_after = span->after;
    page.seen_before = span->before;
  }
  if (const auto text = request.query_value("class")) {
    page.object = object_class_from_code(*text);
    if (!page.object) return "class must be that of a feature, such as sign or traffic_light";
  }
  if (const auto text = request.query_value("page")) {
    const auto mark = mark_from(*text);
    if (!mark) return "page must come from a link of an earlier answer";
    page.behind = *mark;
  }
  return std::nullopt;
}

/// The page's own address without its place in the list.
std::string address_of(const Request& request, const std::string& list, int limit) {
  auto url = list + "?limit=" + std::to_string(limit);
  for (const char* name : {"bbox", "datetime", "class"}) {
    if (const auto value = request.query_value(name)) url += std::string{"&"} + name + "=" + percent_encoded(*value);
  }
  return url;
}

/// The sightings behind a feature, each with the frames that show it.
json evidence_of(const Feature& feature, Context& context) {
  std::vector<TileId> around;
  for (const auto tile : tiles_around(world_point_of(feature.place), 16, 0.5)) around.push_back(tile);
  auto evidence = json::array();
  for (const auto& sighting : store::sightings_in(context.catalogue, around)) {
    if (std::ranges::find(feature.sightings, sighting.id) == feature.sightings.end()) continue;
    auto frames = json::array();
    for (const auto frame : sighting.frames) {
      frames.push_back({{"id", frame.text()}, {"href", context.base_url + "/api/pictures/" + frame.text()}});
    }
    evidence.push_back({{"sighting", sighting.id.text()}, {"collection", sighting.sequence.text()}, {"score", sighting.score}, {"pictures", frames}});
  }
  return evidence;
}

}  // namespace

Response features_answer(const Request& request, Context& context, const std::string& list, json links) {
  store::FeaturePage page;
  if (const auto problem = read_page(request, page)) return error_response(400, *problem);
  const auto found = store::list_features(context.catalogue, page);
  auto features = json::array();
  for (const auto& feature : found.features) features.push_back(feature_json(feature, list));
  const auto url = address_of(request, list, page.limit);
  const auto here = request.query_value("page");
  links.push_back(link("self", kGeoJson, here ? url + "&page=" + percent_encoded(*here) : url));
  if (found.last) links.push_back(link("next", kGeoJson, url + "&page=" + page_mark_of(*found.last)));
  return json_response(200, {{"type", "FeatureCollection"}, {"numberReturned", features.size()}, {"features", std::move(features)}, {"links", std::move(links)}}, std::string{kGeoJson});
}

Response feature_answer(const Request& request, Context& context, const std::string& list, const json& links) {
  const auto id = FeatureId::parse(request.parameter("feature"));
  const auto feature = id ? store::find_feature(context.catalogue, *id) : std::nullopt;
  if (!feature) return error_response(404, "There is no such feature");
  auto body = feature_json(*feature, list);
  body["evidence"] = evidence_of(*feature, context);
  for (const auto& one : links) body["links"].push_back(one);
  return json_response(200, body, std::string{kGeoJson});
}

Response list_features(Request& request, Context& context) {
  return features_answer(request, context, context.base_url + "/api/features", json::array({link("root", kJson, context.base_url + "/api")}));
}

Response show_feature(Request& request, Context& context) { return feature_answer(request, context, context.base_url + "/api/features", json::array()); }

}  // namespace cairn::gateway
