#pragma once
// GeoTIFFs for tests, and what GDAL reads of pictures and archives.

#include "core/bytes.hpp"
#include "core/tile_id.hpp"
#include "tiler/raster/picture.hpp"

#include <array>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::tiler::testing {

inline constexpr double kEdge_m = 20037508.342789244;  ///< from the middle of the map of Web Mercator to its edge
double tile_width_m(int zoom);
double west_of(TileId tile);
double north_of(TileId tile);

using Colour = std::array<int, 4>;
struct Tiff {
  int epsg = 3857;                 ///< 0: says nothing of its projection
  double west = 0, north = 0, pixel = 1;
  int width = 4, height = 4, bands = 3;
  bool placed = true;
  bool wide = false;               ///< 16 bits
  int nodata = -1;
  std::vector<std::pair<std::string, std::string>> options;  ///< of GDAL's GTiff driver
  std::function<Colour(int x, int y)> colour = {};           ///< nothing is written without
};
void write_tiff(const std::filesystem::path& file, const Tiff& tiff);

/// What a TIFF with a place says of itself, true or not; its only piece of pixels has 16 bytes.
struct TiffHeader {
  std::uint32_t width = 4, height = 4;
  std::uint16_t bands = 1, bits = 8;
  std::uint32_t rows_per_strip = 4;
  std::uint32_t tile_side = 0;     ///< 0: strips
};
void write_tiff_header(const std::filesystem::path& file, const TiffHeader& header);

/// Of a PNG, WebP or JPEG.
raster::Pixels decoded(ByteView picture);

/// Red, green, blue, alpha of an MBTiles file at a place of Web Mercator, as GDAL's driver reads it at its deepest zoom.
Colour colour_at(const std::filesystem::path& mbtiles, double x_m, double y_m);

}  // namespace cairn::tiler::testing
