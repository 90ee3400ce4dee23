#pragma once
// What a request for a tile of a set says.

#include "services/gateway/http/tile_address.hpp"
#include "tiler/tile_set.hpp"

#include <optional>
#include <string_view>

namespace cairn::gateway {

inline constexpr std::size_t kLargestTile = 16 << 20;  ///< inflated; built tiles stay below 500 kB gzipped

/// The tile of a set that a path names.
inline AskedTile asked_tile(const Request& request, tiler::TileSet set) { return asked_tile(request, tiler::format_of(set), 0, tiler::base_zoom_of(set)); }

/// The secret of the token in a request: of the header Authorization, else the `key` of the address; empty where there is neither. Nothing
/// for a header of another scheme.
std::optional<std::string_view> secret_in(std::string_view authorization, std::string_view key);

/// Whether an address's version names the content of a tile with this ETag: its first 16 digits at least.
bool is_version_of(std::string_view version, std::string_view etag);

}  // namespace cairn::gateway
