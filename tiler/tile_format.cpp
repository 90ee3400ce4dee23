#include "tiler/tile_format.hpp"

#include "tiler/gzip.hpp"

#include <algorithm>

namespace cairn::tiler {

std::string_view ending_of(TileFormat format) {
  constexpr std::array<std::string_view, 5> kEndings{"mvt", "png", "jpg", "webp", "avif"};
  return kEndings[static_cast<std::size_t>(format)];
}

bool is_ending_of(TileFormat format, std::string_view ending) {
  return ending == ending_of(format) || (format == TileFormat::mvt && ending == "pbf") || (format == TileFormat::jpeg && ending == "jpeg");
}

std::optional<TileFormat> find_tile_format(std::string_view ending) {
  const auto found = std::ranges::find_if(kTileFormats, [&](TileFormat format) { return is_ending_of(format, ending); });
  return found == kTileFormats.end() ? std::nullopt : std::optional{*found};
}

std::string_view content_type_of(TileFormat format) {
  constexpr std::array<std::string_view, 5> kTypes{"application/vnd.mapbox-vector-tile", "image/png", "image/jpeg", "image/webp", "image/avif"};
  return kTypes[static_cast<std::size_t>(format)];
}

Bytes as_kept(TileFormat format, Bytes tile, int gzip_level) {
  if (is_gzipped(format)) return gzipped(tile, gzip_level);
  return tile;
}

}  // namespace cairn::tiler
