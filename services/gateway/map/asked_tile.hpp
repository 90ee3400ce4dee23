#pragma once
// The tile that a path names.

#include "core/tile_id.hpp"
#include "services/gateway/http/http.hpp"
#include "tiler/tile_set.hpp"

#include <optional>
#include <string_view>

namespace cairn::gateway {

inline constexpr std::size_t kLargestTile = 16 << 20;  ///< inflated; built tiles stay below 500 kB gzipped

struct AskedTile {
  std::optional<TileId> tile;
  std::optional<Response> refusal;
};

/// {z}/{x}/{y}.mvt of the path, or with another ending of the set's format. Malformed: 400; outside the set or the world: 404.
AskedTile asked_tile(const Request& request, tiler::TileSet set);

/// The secret of the token in a request: of the header Authorization, else the `key` of the address; empty where there is neither. Nothing
/// for a header of another scheme.
std::optional<std::string_view> secret_in(std::string_view authorization, std::string_view key);

/// Whether an address's version names the content of a tile with this ETag: its first 16 digits at least.
bool is_version_of(std::string_view version, std::string_view etag);

}  // namespace cairn::gateway
