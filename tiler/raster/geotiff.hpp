#pragma once
// Opens what tiles can be made of, and nothing else.

#include <gdal_priv.h>

#include <filesystem>

namespace cairn::tiler::raster {

/// Once in a process, however often it is called: GDAL knows its formats then, and keeps no more of a raster in memory than a build needs.
void prepare_gdal();
struct GeoTiff {
  GDALDatasetUniquePtr raster;
  bool crosses_date_line = false;  ///< the 180th meridian, so that its two parts lie at opposite edges of the map
};
/// A GeoTIFF of one to four bands of 8 bits with a place and a projection, whose pixels lie in itself and can be read piece by piece. Throws
/// std::runtime_error with what else it is and what to do, not naming the file.
GeoTiff opened_geotiff(const std::filesystem::path& file);
[[noreturn]] void refuse_as_off_the_map();

}  // namespace cairn::tiler::raster
