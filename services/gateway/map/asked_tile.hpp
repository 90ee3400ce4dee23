#pragma once
// The tile that a path names.

#include "core/tile_id.hpp"
#include "services/gateway/http/http.hpp"
#include "tiler/tile_set.hpp"

#include <optional>

namespace cairn::gateway {

inline constexpr std::size_t kLargestTile = 16 << 20;  ///< inflated; built tiles stay below 500 kB gzipped

struct AskedTile {
  std::optional<TileId> tile;
  std::optional<Response> refusal;
};

/// {z}/{x}/{y}.mvt of the path. Malformed: 400; outside the set or the world: 404.
AskedTile asked_tile(const Request& request, tiler::TileSet set);

}  // namespace cairn::gateway
