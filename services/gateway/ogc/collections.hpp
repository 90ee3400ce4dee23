#pragma once
// What the OGC APIs and the WMTS offer: features, the map's tile sets, and the operator's own archives.

#include "core/tile_id.hpp"
#include "services/gateway/context.hpp"
#include "tiler/tile_format.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::gateway::ogc {

/// How a collection is cut into tiles.
struct TileFacts {
  tiler::TileFormat format = tiler::TileFormat::mvt;
  int min_zoom = 0;
  int max_zoom = 0;
  std::string layers_json = "[]";       ///< the `vector_layers` of TileJSON 3
};
struct Collection {
  std::string id;                       ///< of tiles the name under which /tiles serves them
  std::string title;
  std::string description;
  std::string attribution;
  std::optional<TileFacts> tiles;       ///< nothing: it has items instead
  std::optional<GeoBounds> bounds;      ///< of an archive; nothing: where pictures were taken
};

/// Features first, then the map's sets, then archives by name.
std::vector<Collection> all_collections(const Context& context);
/// Whether it is the id of one that every Cairn has, so that no archive may have it.
bool is_ours(std::string_view id);

/// The collection that the path's {collection} names.
std::optional<Collection> requested(const Request& request, const Context& context);
Response no_such_collection();
/// Where there is something: the archive's bounds, or those of all pictures; nearly the whole world while there is nothing.
GeoBounds bounds_of(Context& context, const Collection& collection);
/// "http://host/ogc/collections/map"
std::string address_of(const Context& context, const Collection& collection);
/// "vector", or "map" for pictures, as OGC names the two.
std::string_view data_type_of(const TileFacts& tiles);

/// Every one is asked for in this tiling, which the world's web maps share (OGC 17-083r4, annex D).
inline constexpr std::string_view kTiling = "WebMercatorQuad";
inline constexpr std::string_view kTilingUri = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
inline constexpr std::string_view kMercatorCrs = "http://www.opengis.net/def/crs/EPSG/0/3857";
inline constexpr std::string_view kLonLatCrs = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
inline constexpr int kTilingZooms = 25;                       ///< 0 to 24
inline constexpr double kEdge_m = 20037508.342789244;         ///< from the middle of the map to its edge
double metres_per_pixel(int zoom);                            ///< of 256 x 256 pixels, at the equator
double scale_denominator(int zoom);                           ///< a pixel is 0.28 mm wide

}  // namespace cairn::gateway::ogc
