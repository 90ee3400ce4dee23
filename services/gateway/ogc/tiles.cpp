// Tile sets by OGC API Tiles, and the tiling that they are cut in.

#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/ogc/collections.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

constexpr std::string_view kTilingScheme = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";

json tiling_link(const Context& context) { return link(kTilingScheme, kJson, context.base_url + "/ogc/tileMatrixSets/" + std::string{ogc::kTiling}); }

/// Rows and columns that may hold something, by zoom.
json limits_of(const GeoBounds& box, const ogc::TileFacts& tiles) {
  const auto low = LatLon::from_degrees(box.north_deg, box.west_deg).value_or(LatLon{}), high = LatLon::from_degrees(box.south_deg, box.east_deg).value_or(LatLon{});
  auto limits = json::array();
  for (int zoom = tiles.min_zoom; zoom <= tiles.max_zoom; ++zoom) {
    const auto first = tile_of(low, zoom), last = tile_of(high, zoom);
    limits.push_back({{"tileMatrix", std::to_string(zoom)}, {"minTileRow", first.y()}, {"maxTileRow", last.y()}, {"minTileCol", first.x()}, {"maxTileCol", last.x()}});
  }
  return limits;
}

/// TileJSON's vector_layers as OGC writes them.
json layers_of(const ogc::TileFacts& tiles) {
  auto layers = json::array();
  for (const auto& one : json::parse(tiles.layers_json)) {
    layers.push_back({{"id", one["id"]}, {"description", one.value("description", "")}, {"dataType", "vector"}, {"minTileMatrix", std::to_string(one.value("minzoom", tiles.min_zoom))},
                      {"maxTileMatrix", std::to_string(one.value("maxzoom", tiles.max_zoom))}});
  }
  return layers;
}

/// What the list of tile sets says of one.
json tileset_summary(const Context& context, const ogc::Collection& collection) {
  const auto url = ogc::address_of(context, collection) + "/tiles/" + std::string{ogc::kTiling};
  return {{"title", collection.title}, {"tileMatrixSetURI", ogc::kTilingUri}, {"crs", ogc::kMercatorCrs}, {"dataType", ogc::data_type_of(*collection.tiles)},
          {"links", json::array({link("self", kJson, url), tiling_link(context)})}};
}

/// The collection, if the path names one with tiles in a tiling that they come in; else the answer that says no.
std::variant<ogc::Collection, Response> with_tiles(const Request& request, const Context& context) {
  auto collection = ogc::requested(request, context);
  if (!collection) return ogc::no_such_collection();
  if (!collection->tiles) return error_response(404, "The collection " + collection->id + " has items only; its tiles are those of the collection map");
  const auto tiling = value_of(request.parameters, "tiling");
  if (tiling && *tiling != ogc::kTiling) return error_response(404, "Tiles come in WebMercatorQuad only");
  return *std::move(collection);
}

}  // namespace

Response list_ogc_tilesets(Request& request, Context& context) {
  const auto found = with_tiles(request, context);
  if (const auto* no = std::get_if<Response>(&found)) return *no;
  const auto& collection = std::get<ogc::Collection>(found);
  return json_response(200, {{"links", json::array({link("self", kJson, ogc::address_of(context, collection) + "/tiles")})}, {"tilesets", json::array({tileset_summary(context, collection)})}});
}

Response show_ogc_tileset(Request& request, Context& context) {
  const auto found = with_tiles(request, context);
  if (const auto* no = std::get_if<Response>(&found)) return *no;
  const auto& collection = std::get<ogc::Collection>(found);
  const auto box = ogc::bounds_of(context, collection);
  auto described = tileset_summary(context, collection);
  described.update({{"description", collection.description}, {"attribution", collection.attribution},
                    {"boundingBox", {{"lowerLeft", {box.west_deg, box.south_deg}}, {"upperRight", {box.east_deg, box.north_deg}}, {"crs", ogc::kLonLatCrs}}},
                    {"tileMatrixSetLimits", limits_of(box, *collection.tiles)}});
  if (auto layers = layers_of(*collection.tiles); !layers.empty()) described["layers"] = std::move(layers);
  auto item = link("item", tiler::content_type_of(collection.tiles->format), described["links"][0]["href"].get<std::string>() + "/{tileMatrix}/{tileRow}/{tileCol}");
  item["templated"] = true;
  described["links"].push_back(item);
  return json_response(200, described);
}

Response show_ogc_tile(Request& request, Context& context) {
  const auto found = with_tiles(request, context);
  if (const auto* no = std::get_if<Response>(&found)) return *no;
  const auto& collection = std::get<ogc::Collection>(found);
  const std::string ending{tiler::ending_of(collection.tiles->format)};
  request.parameters = {{"set", collection.id}, {"z", request.parameter("z")}, {"x", request.parameter("column")}, {"y", request.parameter("row") + "." + ending}};
  return show_tile(request, context);
}

Response list_ogc_tilings(Request&, Context& context) {
  return json_response(200, {{"tileMatrixSets", json::array({{{"id", ogc::kTiling}, {"uri", ogc::kTilingUri}, {"crs", ogc::kMercatorCrs},
                                                              {"links", json::array({link("self", kJson, tiling_link(context)["href"])})}}})}});
}

/// In the words of the standard's version 2, and beside them those of version 1 (OGC 17-083r2), which GDAL reads before 3.7.
Response show_ogc_tiling(Request& request, Context&) {
  if (request.parameter("tiling") != ogc::kTiling) return error_response(404, "The only tiling is WebMercatorQuad");
  auto matrices = json::array();
  for (int zoom = 0; zoom < ogc::kTilingZooms; ++zoom) {
    matrices.push_back({{"id", std::to_string(zoom)}, {"identifier", std::to_string(zoom)}, {"scaleDenominator", ogc::scale_denominator(zoom)}, {"cellSize", ogc::metres_per_pixel(zoom)}, {"cornerOfOrigin", "topLeft"},
                        {"pointOfOrigin", {-ogc::kEdge_m, ogc::kEdge_m}}, {"topLeftCorner", {-ogc::kEdge_m, ogc::kEdge_m}}, {"tileWidth", 256}, {"tileHeight", 256}, {"matrixWidth", 1 << zoom}, {"matrixHeight", 1 << zoom}});
  }
  return json_response(200, {{"id", ogc::kTiling}, {"type", "TileMatrixSetType"}, {"identifier", ogc::kTiling}, {"supportedCRS", ogc::kMercatorCrs}, {"uri", ogc::kTilingUri}, {"title", "Web Mercator, a tile cut in four at each zoom"}, {"crs", ogc::kMercatorCrs},
                             {"wellKnownScaleSet", "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible"}, {"orderedAxes", {"X", "Y"}}, {"tileMatrices", matrices}, {"tileMatrix", matrices}});
}

}  // namespace cairn::gateway
