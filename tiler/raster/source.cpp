// GDAL turns the raster into Web Mercator as a virtual one, whose pixels are cut just as the tiles of the deepest zoom are; two of them, at both edges of
// the map, where it crosses the 180th meridian.
#include "tiler/raster/source.hpp"

#include "tiler/raster/geotiff.hpp"
#include "tiler/raster/mercator.hpp"

#include <gdal_utils.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

namespace cairn::tiler::raster {
namespace {

constexpr int kDeepestZoom = 24;
constexpr double kMostTiles = 16'000'000;       ///< of the deepest zoom: a day's work, some 50 bytes of memory each
constexpr double kMostPixels = 2e9;             ///< of a raster's side, as GDAL counts them
constexpr const char* kMercator = "EPSG:3857";
constexpr const char* kMercatorAround180 = "+proj=webmerc +datum=WGS84 +lon_0=180 +units=m +no_defs";

}  // namespace

// Outside the unnamed namespace: Source::State holds them.
/// Where a raster lies in Web Mercator, and how wide a pixel of about its fineness is.
struct Extent {
  double west_m, south_m, east_m, north_m, pixel_m;
};

/// Tiles of a zoom, the last ones included.
struct TileRange {
  TileRange(const Extent& extent, int zoom) {
    const auto at = [zoom](double from_edge_m) {
      return static_cast<std::int64_t>(std::clamp(std::floor(from_edge_m / tile_width_m(zoom)), 0.0, std::exp2(zoom) - 1));
    };
    first_x = at(extent.west_m + kEdge_m);
    last_x = at(extent.east_m + kEdge_m);
    first_y = at(kEdge_m - extent.north_m);
    last_y = at(kEdge_m - extent.south_m);
  }
  /// Whether one of them lies in a tile of this zoom or above.
  bool touches(TileId tile, int zoom) const {
    const int shift = zoom - tile.zoom();
    const auto lies_in = [shift](std::int64_t place, std::int64_t first, std::int64_t last) { return first >> shift <= place && place <= last >> shift; };
    return lies_in(tile.x(), first_x, last_x) && lies_in(tile.y(), first_y, last_y);
  }
  std::int64_t columns() const { return last_x - first_x + 1; }
  std::int64_t rows() const { return last_y - first_y + 1; }

  std::int64_t first_x, first_y, last_x, last_y;
};

namespace {

struct WarpOptions {
  explicit WarpOptions(const std::vector<std::string>& words) {
    for (const auto& word : words) list.AddString(word.c_str());
    options = GDALWarpAppOptionsNew(list.List(), nullptr);
  }
  ~WarpOptions() { GDALWarpAppOptionsFree(options); }
  WarpOptions(const WarpOptions&) = delete;

  CPLStringList list;
  GDALWarpAppOptions* options;
};

GDALDatasetUniquePtr warped(GDALDataset& raster, const char* projection, std::vector<std::string> further) {
  std::vector<std::string> words{"-of", "VRT", "-t_srs", projection, "-wo", "UNIFIED_SRC_NODATA=YES"};
  words.insert(words.end(), further.begin(), further.end());
  const WarpOptions options{words};
  auto* source = GDALDataset::ToHandle(&raster);
  int misused = 0;
  GDALDatasetUniquePtr result{GDALDataset::FromHandle(GDALWarp("", nullptr, 1, &source, options.options, &misused))};
  if (!result) throw std::runtime_error{std::string{"the raster can't be turned into Web Mercator: "} + CPLGetLastErrorMsg()};
  return result;
}

Extent extent_in(GDALDataset& raster, const char* projection) {
  const auto mercator = warped(raster, projection, {});
  std::array<double, 6> transform{};
  mercator->GetGeoTransform(transform.data());
  const Extent extent{std::max(transform[0], -kEdge_m), std::max(transform[3] + transform[5] * mercator->GetRasterYSize(), -kEdge_m),
                      std::min(transform[0] + transform[1] * mercator->GetRasterXSize(), kEdge_m), std::min(transform[3], kEdge_m), transform[1]};
  if (!(extent.west_m < extent.east_m && extent.south_m < extent.north_m)) refuse_as_off_the_map();
  return extent;
}

/// One, or one at each edge of the map.
std::vector<Extent> extents_of(const GeoTiff& tiff) {
  if (!tiff.crosses_date_line) return {extent_in(*tiff.raster, kMercator)};
  const auto around = extent_in(*tiff.raster, kMercatorAround180);
  auto before = around, behind = around;
  before.west_m = around.west_m + kEdge_m, before.east_m = kEdge_m;
  behind.west_m = -kEdge_m, behind.east_m = around.east_m - kEdge_m;
  std::vector<Extent> extents{before, behind};
  std::erase_if(extents, [](const Extent& extent) { return extent.west_m >= extent.east_m; });
  return extents;
}

int zoom_as_fine_as(const Extent& extent, int side) {
  return std::clamp(static_cast<int>(std::lround(std::log2(tile_width_m(0) / side / extent.pixel_m))), 0, kDeepestZoom);
}

/// At the lowest zooms one tile has both edges of the map.
void show_both(Pixels& pixels, const Pixels& more) {
  for (std::size_t i = 0; i < pixels.size(); i += 4) {
    if (more[i + 3] > pixels[i + 3]) std::copy_n(&more[i], 4, &pixels[i]);
  }
}

void refuse_too_many(const TileRange& range, int side, int zoom) {
  const double tiles = static_cast<double>(range.columns()) * static_cast<double>(range.rows());
  if (tiles <= kMostTiles && static_cast<double>(std::max(range.columns() + 1, range.rows())) * side <= kMostPixels) return;
  throw std::runtime_error{"it would have " + std::to_string(static_cast<std::int64_t>(tiles)) + " tiles at zoom " + std::to_string(zoom) +
                           ": give a lower --max-zoom"};
}

}  // namespace

/// The raster, an alpha band behind its others, on just the pixels of these tiles.
struct Part {
  Part(GDALDataset& raster, const Extent& extent, int side, int zoom) : range{extent, zoom}, first_column{range.first_x & ~std::int64_t{1}} {
    refuse_too_many(range, side, zoom);
    const auto edge = [zoom](std::int64_t tiles) { return CPLString{}.Printf("%.17g", static_cast<double>(tiles) * tile_width_m(zoom) - kEdge_m); };
    const auto south = (std::int64_t{1} << zoom) - range.last_y - 1, north = (std::int64_t{1} << zoom) - range.first_y;
    mercator = warped(raster, kMercator, {"-dstalpha", "-r", "bilinear", "-te", edge(first_column), edge(south), edge(range.last_x + 1), edge(north), "-ts",
                                          std::to_string((range.last_x + 1 - first_column) * side), std::to_string(range.rows() * side)});
  }
  Pixels pixels_of(TileId tile, int side) const;

  TileRange range;
  std::int64_t first_column;  ///< even: GDAL warps blocks of 512 x 128 pixels, so that two tiles with one parent share one, and never others
  GDALDatasetUniquePtr mercator;
};

Pixels Part::pixels_of(TileId tile, int side) const {
  const int left = static_cast<int>(tile.x() - first_column) * side, top = static_cast<int>(tile.y() - range.first_y) * side;
  const int alpha = mercator->GetRasterCount();
  const bool coloured = alpha > 3;
  std::array bands{1, coloured ? 2 : 1, coloured ? 3 : 1, alpha};
  Pixels pixels(static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 4);
  if (mercator->RasterIO(GF_Read, left, top, side, side, pixels.data(), side, side, GDT_Byte, 4, bands.data(), 4, 4 * side, 1, nullptr) != CE_None) {
    throw std::runtime_error{"tile " + tile.text() + " can't be read from the raster: " + CPLGetLastErrorMsg()};
  }
  return pixels;
}

struct Source::State {
  State(const std::filesystem::path& file, int pixels_a_side, std::optional<int> wanted_zoom) : side{pixels_a_side}, tiff{opened_geotiff(file)} {
    const auto extents = extents_of(tiff);
    zoom = wanted_zoom.value_or(zoom_as_fine_as(extents.front(), side));
    for (const auto& extent : extents) parts.emplace_back(*tiff.raster, extent, side, zoom);
  }

  int side;
  GeoTiff tiff;
  int zoom = 0;
  std::vector<Part> parts;
};

Source::Source(const std::filesystem::path& file, int side, std::optional<int> zoom) {
  const CPLErrorHandlerPusher quiet{CPLQuietErrorHandler};
  try {
    state_ = std::make_unique<State>(file, side, zoom);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error{file.string() + ": " + error.what()};
  }
}

Source::~Source() = default;

int Source::zoom() const { return state_->zoom; }

bool Source::touches(TileId tile) const {
  return std::ranges::any_of(state_->parts, [&](const Part& part) { return part.range.touches(tile, state_->zoom); });
}

Pixels Source::pixels_of(TileId tile) const {
  const CPLErrorHandlerPusher quiet{CPLQuietErrorHandler};
  Pixels pixels;
  for (const auto& part : state_->parts) {
    if (!part.range.touches(tile, state_->zoom)) continue;
    auto more = part.pixels_of(tile, state_->side);
    if (pixels.empty()) pixels = std::move(more);
    else show_both(pixels, more);
  }
  if (shows_nothing(pixels)) return {};
  return pixels;
}

}  // namespace cairn::tiler::raster
