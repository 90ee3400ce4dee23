// /ogc: the landing page, what it conforms to, and its collections (OGC API Features 1.0, 17-069r4; OGC API Tiles 1.0, 20-057).

#include "services/gateway/ogc/collections.hpp"

#include "services/archives/archive_answers.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/extent.hpp"
#include "services/gateway/links.hpp"
#include "services/store/sequences.hpp"
#include "tiler/archive/tilejson.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace cairn::gateway {
namespace ogc {

namespace {

struct Ours {
  std::string_view id, title, description;
  std::optional<tiler::TileSet> set;
};
constexpr std::array kOurs{
    Ours{"features", "Features", "What stands beside the streets: signs, lights and the like, merged from all that cameras saw", std::nullopt},
    Ours{"map", "Map", "Features, sequences, pictures and the road that was seen, as vector tiles", tiler::TileSet::map},
    Ours{"panoramax", "Pictures", "Sequences and pictures, as vector tiles with the layers that Panoramax clients read", tiler::TileSet::panoramax},
    Ours{"coverage", "Coverage", "When road was last seen and whether more than once, as pictures", tiler::TileSet::coverage}};

Collection collection_of(const Ours& ours, const Context& context) {
  Collection collection{std::string{ours.id}, std::string{ours.title}, std::string{ours.description}, context.options.terms.attribution, {}, {}};
  if (ours.set) collection.tiles = TileFacts{tiler::format_of(*ours.set), 0, tiler::base_zoom_of(*ours.set), tiler::vector_layers_json(*ours.set)};
  return collection;
}

Collection collection_of(const archives::Shelved& archive) {
  const auto& facts = archive.archive->facts();
  return {archive.name, facts.name, facts.description, facts.attribution, TileFacts{facts.format, facts.min_zoom, std::min(facts.max_zoom, kTilingZooms - 1), facts.vector_layers_json}, facts.bounds};
}

}  // namespace

std::vector<Collection> all_collections(const Context& context) {
  std::vector<Collection> all;
  for (const auto& ours : kOurs) all.push_back(collection_of(ours, context));
  for (const auto& archive : context.archives.shelf().all()) all.push_back(collection_of(*archive));
  return all;
}

bool is_ours(std::string_view id) { return std::ranges::find(kOurs, id, &Ours::id) != kOurs.end(); }

std::optional<Collection> requested(const Request& request, const Context& context) {
  const auto& id = request.parameter("collection");
  if (const auto ours = std::ranges::find(kOurs, id, &Ours::id); ours != kOurs.end()) return collection_of(*ours, context);
  const auto archive = context.archives.shelf().find(id);
  return archive ? std::optional{collection_of(*archive)} : std::nullopt;
}

Response no_such_collection() { return error_response(404, "There is no such collection: /ogc/collections lists all"); }

GeoBounds bounds_of(Context& context, const Collection& collection) {
  if (collection.bounds) return *collection.bounds;
  const auto extent = store::data_extent(context.catalogue);
  return extent ? extent->bounds : GeoBounds{-180, -85.0511, 180, 85.0511};
}

std::string address_of(const Context& context, const Collection& collection) { return context.base_url + "/ogc/collections/" + percent_encoded(collection.id); }

std::string_view data_type_of(const TileFacts& tiles) { return tiles.format == tiler::TileFormat::mvt ? "vector" : "map"; }

double metres_per_pixel(int zoom) { return 2 * kEdge_m / 256 / std::exp2(zoom); }
double scale_denominator(int zoom) { return metres_per_pixel(zoom) / 0.00028; }

}  // namespace ogc

namespace {

using nlohmann::json;

constexpr std::string_view kTilesets = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-";
constexpr std::string_view kTilings = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes";

/// Features stand beside the streets that pictures were taken in: as far off as a camera sees them.
json around(json extent) {
  constexpr double kFarthest_deg = 0.002;
  auto& box = extent["spatial"]["bbox"][0];
  for (std::size_t i = 0; i < 4; ++i) {
    const double most = i % 2 == 0 ? 180 : 90;
    box[i] = std::clamp(box[i].get<double>() + (i < 2 ? -kFarthest_deg : kFarthest_deg), -most, most);
  }
  extent["spatial"]["crs"] = ogc::kLonLatCrs;
  extent["temporal"]["trs"] = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian";
  return extent;
}

json licence_link(const Context& context) {
  return {{"rel", "license"}, {"href", context.options.terms.licence_url}, {"title", "Licence " + context.options.terms.licence_id}};
}

/// An archive may hold anything, from any time.
json extent_of_archive(const GeoBounds& box) {
  return {{"spatial", {{"bbox", json::array({json::array({box.west_deg, box.south_deg, box.east_deg, box.north_deg})})}, {"crs", ogc::kLonLatCrs}}},
          {"temporal", {{"interval", json::array({json::array({nullptr, nullptr})})}}}};
}

json collection_json(const Context& context, const ogc::Collection& collection, const json& extent) {
  const auto url = ogc::address_of(context, collection);
  auto links = json::array({link("self", kJson, url)});
  if (!collection.bounds) links.push_back(licence_link(context));
  const auto data_type = collection.tiles ? ogc::data_type_of(*collection.tiles) : std::string_view{};
  links.push_back(collection.tiles ? link(std::string{kTilesets} + std::string{data_type}, kJson, url + "/tiles", "Tiles") : link("items", kGeoJson, url + "/items", "As GeoJSON"));
  json described{{"id", collection.id}, {"title", collection.title}, {"description", collection.description}, {"attribution", collection.attribution}, {"links", links}};
  described["extent"] = collection.bounds ? extent_of_archive(*collection.bounds) : extent;
  described["itemType"] = collection.tiles ? "unknown" : "feature";
  described["crs"] = json::array({collection.tiles ? ogc::kMercatorCrs : ogc::kLonLatCrs});
  if (collection.tiles) described["dataType"] = data_type;
  return described;
}

}  // namespace

Response show_ogc_landing(Request&, Context& context) {
  const auto url = [&](const char* path) { return context.base_url + path; };
  return json_response(200, {{"title", context.options.terms.title},
                             {"description", context.options.terms.description},
                             {"attribution", context.options.terms.attribution},
                             {"links", json::array({link("self", kJson, url("/ogc")),
                                                    link("service-desc", "application/vnd.oai.openapi+json;version=3.1", url("/api/docs/openapi.json"), "The API for programs"),
                                                    link("service-doc", "text/html", url("/api/docs"), "The API for people"),
                                                    link("conformance", kJson, url("/ogc/conformance")),
                                                    link("data", kJson, url("/ogc/collections"), "Features and tile sets"),
                                                    link(kTilings, kJson, url("/ogc/tileMatrixSets"), "How tiles are cut"),
                                                    link("alternate", "application/xml", url("/ogc/wmts/1.0.0/WMTSCapabilities.xml"), "The tile sets as a WMTS"),
                                                    licence_link(context)})}});
}

Response show_ogc_conformance(Request&, Context&) {
  return json_response(200, {{"conformsTo", {"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core", "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
                                             "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core", "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
                                             "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core", "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
                                             "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list", "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
                                             "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt", "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/png", "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/jpeg", "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset"}}});
}

Response list_ogc_collections(Request&, Context& context) {
  const auto extent = around(extent_json(context));
  auto collections = json::array();
  for (const auto& collection : ogc::all_collections(context)) collections.push_back(collection_json(context, collection, extent));
  return json_response(200, {{"links", json::array({link("self", kJson, context.base_url + "/ogc/collections")})}, {"collections", collections}});
}

Response show_ogc_collection(Request& request, Context& context) {
  const auto collection = ogc::requested(request, context);
  if (!collection) return ogc::no_such_collection();
  return json_response(200, collection_json(context, *collection, around(extent_json(context))));
}

}  // namespace cairn::gateway
