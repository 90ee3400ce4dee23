#pragma once
// What the OGC APIs offer: things that can be asked for one by one, and tile sets.

#include "services/gateway/context.hpp"
#include "tiler/tile_set.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::gateway::ogc {

struct Collection {
  std::string_view id;
  std::string_view title;
  std::string_view description;
  std::optional<tiler::TileSet> tiles;  ///< nothing: it has items instead
};
inline constexpr std::array kCollections{
    Collection{"features", "Features", "What stands beside the streets: signs, lights and the like, merged from all that cameras saw", std::nullopt},
    Collection{"map", "Map", "Features, sequences, pictures and the road that was seen, as vector tiles", tiler::TileSet::map},
    Collection{"panoramax", "Pictures", "Sequences and pictures, as vector tiles with the layers that Panoramax clients read", tiler::TileSet::panoramax},
    Collection{"coverage", "Coverage", "When road was last seen and whether more than once, as pictures", tiler::TileSet::coverage}};

/// The collection that the path's {collection} names.
const Collection* requested(const Request& request);
Response no_such_collection();
/// "http://host/ogc/collections/map"
std::string address_of(const Context& context, const Collection& collection);
/// "vector", or "map" for pictures, as OGC names the two.
std::string_view data_type_of(tiler::TileSet set);

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
