#pragma once
// What kind of file a tile is.

#include "core/bytes.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace cairn::tiler {

enum class TileFormat { mvt, png, jpeg, webp, avif };
inline constexpr std::array kTileFormats{TileFormat::mvt, TileFormat::png, TileFormat::jpeg, TileFormat::webp, TileFormat::avif};

/// "mvt", "png", "jpg", "webp", "avif": the ending of a tile's address.
std::string_view ending_of(TileFormat format);
/// "mvt" and "pbf" are one format, "jpg" and "jpeg" another.
bool is_ending_of(TileFormat format, std::string_view ending);
/// The format with this ending, if there is one.
std::optional<TileFormat> find_tile_format(std::string_view ending);
std::string_view content_type_of(TileFormat format);

/// Vector tiles are kept and sent packed with gzip; pictures are packed already.
constexpr bool is_gzipped(TileFormat format) { return format == TileFormat::mvt; }
/// A tile as it is kept: packed at this level (1-12) where its format asks for it.
Bytes as_kept(TileFormat format, Bytes tile, int gzip_level);

}  // namespace cairn::tiler
