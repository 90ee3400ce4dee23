#pragma once
// The tile that an address names.

#include "core/tile_id.hpp"
#include "services/gateway/http/http.hpp"
#include "tiler/tile_format.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace cairn::gateway {

/// What a plain target such as "/tiles/map/14/8805/5373.mvt?v=1f&key=cairn_a" names.
struct TileAddress {
  std::string_view set;                ///< all before the zoom, without slashes around: "tiles/map"
  std::int64_t z = 0, x = 0, y = 0;    ///< any whole numbers of at most nine digits
  std::string_view ending;             ///< "mvt"
  std::string_view version, key;       ///< of the query; empty when there is none
};

/// Nothing for every other target, those with escapes or another query among them.
std::optional<TileAddress> tile_address_from(std::string_view target);

struct AskedTile {
  std::optional<TileId> tile;
  std::optional<Response> refusal;
};

/// The parameters z, x and y (with an ending) of a route, for tiles of a format and of these zooms. Malformed or with the ending of another format: 400; outside the
/// zooms or the world: 404.
AskedTile asked_tile(const Request& request, tiler::TileFormat format, int min_zoom, int max_zoom);

}  // namespace cairn::gateway
