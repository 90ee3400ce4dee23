#pragma once

#include "core/lat_lon.hpp"
#include "core/time.hpp"
#include "core/tile_id.hpp"
#include "services/store/database.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::changes {

/// How long a dirty tile waits, so that many changes become one build. The contract allows 2 s from zoom 14 on, 5 s from 10,
/// 30 s from 6 and 5 minutes below.
struct Debounce {
  std::chrono::milliseconds from_14{200};
  std::chrono::milliseconds from_10{1000};
  std::chrono::milliseconds from_6{2000};
  std::chrono::milliseconds below{4000};
  std::chrono::milliseconds at(int zoom) const {
    return zoom >= 14 ? from_14 : zoom >= 10 ? from_10 : zoom >= 6 ? from_6 : below;
  }
};

/// The key of a tile's job: "map/14/8792/5126".
std::string tile_key(std::string_view tileset, TileId tile);

/// Inside the caller's transaction: the base tiles of every tile set that hold these places are to be built again.
void mark_tiles_dirty(store::Session&, const std::vector<LatLon>& places, UtcTime now, const Debounce& debounce = {});

}  // namespace cairn::changes
