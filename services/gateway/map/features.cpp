// What stands on the map, as GeoJSON, with the evidence behind each thing (law 8).

#include "core/tile_cover.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/store/map.hpp"

#include <algorithm>
#include <map>

namespace cairn::gateway {
namespace {

using nlohmann::json;

constexpr int kMost = 10'000;
constexpr std::size_t kMostTiles = 16;

json feature_json(const Feature& feature, const Context& context) {
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
          {"links", json::array({link("self", kGeoJson, context.base_url + "/api/features/" + feature.id.text())})}};
}

bool lies_in(LatLon place, const std::vector<double>& box) {
  return place.lon_deg() >= box[0] && place.lat_deg() >= box[1] && place.lon_deg() <= box[2] && place.lat_deg() <= box[3];
}

std::vector<Feature> features_within(Context& context, const std::optional<std::vector<double>>& box) {
  if (!box) return store::all_features(context.catalogue);
  std::vector<Feature> features;
  const GeoBounds bounds{(*box)[0], (*box)[1], (*box)[2], (*box)[3]};
  for (const auto tile : tiles_over(bounds, kMostTiles)) {
    for (auto& feature : store::features_in(context.catalogue, tile)) {
      if (lies_in(feature.place, *box)) features.push_back(std::move(feature));
    }
  }
  return features;
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

Response list_features(Request& request, Context& context) {
  const auto limit = limit_from(request.query_value("limit"), 1000, kMost);
  if (!limit) return error_response(400, "limit must be a whole number from 1 to 10000");
  std::optional<std::vector<double>> box;
  if (const auto text = request.query_value("bbox")) {
    box = box_from(*text);
    if (!box) return error_response(400, "bbox must be west,south,east,north in degrees");
  }
  auto found = features_within(context, box);
  std::ranges::sort(found, {}, &Feature::id);
  const auto matched = found.size();
  if (found.size() > static_cast<std::size_t>(*limit)) found.resize(static_cast<std::size_t>(*limit));
  auto features = json::array();
  for (const auto& feature : found) features.push_back(feature_json(feature, context));
  return json_response(200,
                       {{"type", "FeatureCollection"},
                        {"features", features},
                        {"numberMatched", matched},
                        {"numberReturned", found.size()},
                        {"links", json::array({link("self", kGeoJson, context.base_url + "/api/features")})}},
                       std::string{kGeoJson});
}

Response show_feature(Request& request, Context& context) {
  const auto id = FeatureId::parse(request.parameter("feature"));
  const auto feature = id ? store::find_feature(context.catalogue, *id) : std::nullopt;
  if (!feature) return error_response(404, "There is no such feature");
  auto body = feature_json(*feature, context);
  body["evidence"] = evidence_of(*feature, context);
  return json_response(200, body, std::string{kGeoJson});
}

}  // namespace cairn::gateway
