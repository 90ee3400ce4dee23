#pragma once

#include "core/terms.hpp"
#include "core/tile_id.hpp"
#include "services/store/database.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

namespace cairn::services {

struct CoverageSelection {
  static constexpr int kLeastZoom = 2, kMostZoom = 14;
  std::optional<GeoBounds> box;  ///< west before east; nothing: all that was seen
  int zoom = kMostZoom;          ///< a pixel is a square of the tile set `coverage` at this zoom
};

struct CoverageExport {
  std::uint64_t squares = 0;     ///< pixels with road in them
  std::int64_t width = 0, height = 0;
  std::uint64_t bytes = 0;
};

/// `squares` that were written, while the stage is "reading".
using TellCoverage = std::function<void(const char* stage, double share, std::uint64_t squares)>;

/// What the tile set `coverage` shows, as numbers: a cloud-optimized GeoTIFF in Web Mercator with the bands last_seen (days since 1970-01-01), passes
/// and cells, 0 where nothing was seen. An overview's pixels are the squares of the zooms above: the freshest day, the sums. Reads along the Morton
/// curve, so memory doesn't grow with the map; the file appears whole or not at all. Throws std::runtime_error with what to do when nothing was seen,
/// there would be too many pixels, the name doesn't end in .tif, or the disk refuses.
CoverageExport export_coverage(store::Session&, const CoverageSelection&, const std::filesystem::path& target, const Terms&, const TellCoverage& tell);

}  // namespace cairn::services
