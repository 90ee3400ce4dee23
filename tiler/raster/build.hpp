#pragma once
// `cairn tiles raster`: a picture of the ground -> tiles of Web Mercator -> an archive.

#include "tiler/archive/archive.hpp"

#include <filesystem>
#include <functional>
#include <optional>

namespace cairn::tiler::raster {

struct BuildOptions {
  std::optional<int> max_zoom;           ///< nothing: about as fine as the raster
  int min_zoom = 0;
  int side = 256;                        ///< pixels: 256 or 512
  TileFormat format = TileFormat::webp;  ///< png, webp or jpeg
  int quality = 80;                      ///< 1-100, of webp and jpeg
  std::size_t threads = 1;               ///< that read, warp and encode
};

/// Hears the share of the raster that was read and how many tiles were made.
using TellProgress = std::function<void(double share, std::uint64_t tiles)>;

/// Each zoom out is made of the four tiles below it. The file (.pmtiles or .mbtiles) appears whole or not at all; the same raster gives
/// the same bytes, whatever the number of threads (of the same version of GDAL). Throws std::runtime_error in a sentence that says what to do.
ArchiveSummary build_archive(const std::filesystem::path& target, const std::filesystem::path& raster, const BuildOptions&,
                             const TellProgress& tell = [](double, std::uint64_t) {});

}  // namespace cairn::tiler::raster
