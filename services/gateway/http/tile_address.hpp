#pragma once

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

}  // namespace cairn::gateway
