#pragma once

#include "core/lat_lon.hpp"
#include "core/time.hpp"
#include "core/tile_id.hpp"
#include "services/store/database.hpp"
#include "tiler/tile_set.hpp"

#include <array>
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::changes {

/// How long a dirty tile waits, so that many changes become one build. A change waits at every zoom on its way up.
struct Debounce {
  std::chrono::milliseconds from_14{200};
  std::chrono::milliseconds from_10{1000};
  std::chrono::milliseconds from_6{2000};
  std::chrono::milliseconds below{4000};
  std::chrono::milliseconds at(int zoom) const {
    return zoom >= 14 ? from_14 : zoom >= 10 ? from_10 : zoom >= 6 ? from_6 : below;
  }
  /// So long from zoom 14 on, up to 2 s, and five, ten and twenty times as long below; but never so long that all waiting of a change adds
  /// up to more than 5 s at zoom 10, 30 s at zoom 6 and 5 minutes at zoom 0.
  static Debounce from_step(std::chrono::milliseconds step);
};

/// The tile sets that show pictures and their lines, features, or road that was seen.
inline constexpr std::array kSetsOfPictures{tiler::TileSet::map, tiler::TileSet::panoramax};
inline constexpr std::array kSetsOfFeatures{tiler::TileSet::map};
inline constexpr std::array kSetsOfCoverage{tiler::TileSet::map, tiler::TileSet::coverage};

/// The key of a tile's job: "map/14/8792/5126".
std::string tile_key(std::string_view tileset, TileId tile);

// Inside the caller's transaction:

/// The base tiles of these sets that hold these places are to be built again.
void mark_tiles_dirty(store::Session&, std::span<const tiler::TileSet> sets, const std::vector<LatLon>& places, UtcTime now, const Debounce& debounce = {});
/// Everything is built anew from the catalogue, and shown as it is until then. Gives the number of base tiles.
std::size_t mark_all_tiles_dirty(store::Session&, UtcTime now);

}  // namespace cairn::changes
