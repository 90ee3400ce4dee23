// GDAL turns the raster into Web Mercator as a virtual one, whose pixels are cut just as the tiles of the deepest zoom are.
#include "tiler/raster/source.hpp"

#include "tiler/raster/geotiff.hpp"

#include <gdal_utils.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

namespace cairn::tiler::raster {
namespace {

constexpr double kEdge_m = 20037508.342789244;  ///< from the middle of the map to its edge
constexpr int kDeepestZoom = 24;
constexpr double kMostTiles = 16'000'000;       ///< of the deepest zoom: a day's work, some 50 bytes of memory each
constexpr double kMostPixels = 2e9;             ///< of a raster's side, as GDAL counts them

double tile_width_m(int zoom) { return 2 * kEdge_m / std::exp2(zoom); }

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

GDALDatasetUniquePtr in_mercator(GDALDataset& raster, std::vector<std::string> further) {
  std::vector<std::string> words{"-of", "VRT", "-t_srs", "EPSG:3857", "-wo", "UNIFIED_SRC_NODATA=YES"};
  words.insert(words.end(), further.begin(), further.end());
  const WarpOptions options{words};
  auto* source = GDALDataset::ToHandle(&raster);
  int misused = 0;
  GDALDatasetUniquePtr result{GDALDataset::FromHandle(GDALWarp("", nullptr, 1, &source, options.options, &misused))};
  if (!result) throw std::runtime_error{std::string{"the raster can't be turned into Web Mercator: "} + CPLGetLastErrorMsg()};
  return result;
}

Extent extent_of(GDALDataset& raster) {
  const auto mercator = in_mercator(raster, {});
  std::array<double, 6> transform{};
  mercator->GetGeoTransform(transform.data());
  const Extent extent{std::max(transform[0], -kEdge_m), std::max(transform[3] + transform[5] * mercator->GetRasterYSize(), -kEdge_m),
                      std::min(transform[0] + transform[1] * mercator->GetRasterXSize(), kEdge_m), std::min(transform[3], kEdge_m), transform[1]};
  if (!(extent.west_m < extent.east_m && extent.south_m < extent.north_m)) refuse_as_off_the_map();
  return extent;
}

int zoom_as_fine_as(const Extent& extent, int side) {
  return std::clamp(static_cast<int>(std::lround(std::log2(tile_width_m(0) / side / extent.pixel_m))), 0, kDeepestZoom);
}

void refuse_too_many(const TileRange& range, int side, int zoom) {
  const double tiles = static_cast<double>(range.columns()) * static_cast<double>(range.rows());
  if (tiles <= kMostTiles && static_cast<double>(std::max(range.columns(), range.rows())) * side <= kMostPixels) return;
  throw std::runtime_error{"it would have " + std::to_string(static_cast<std::int64_t>(tiles)) + " tiles at zoom " + std::to_string(zoom) +
                           ": give a lower --max-zoom"};
}

/// The raster, an alpha band behind its others, on just the pixels of these tiles.
GDALDatasetUniquePtr on_tiles(GDALDataset& raster, const TileRange& range, int side, int zoom) {
  const auto edge = [zoom](std::int64_t tiles) { return CPLString{}.Printf("%.17g", static_cast<double>(tiles) * tile_width_m(zoom) - kEdge_m); };
  const auto south = (std::int64_t{1} << zoom) - range.last_y - 1, north = (std::int64_t{1} << zoom) - range.first_y;
  return in_mercator(raster, {"-dstalpha", "-r", "bilinear", "-te", edge(range.first_x), edge(south), edge(range.last_x + 1), edge(north), "-ts",
                              std::to_string(range.columns() * side), std::to_string(range.rows() * side)});
}

}  // namespace

struct Source::State {
  State(const std::filesystem::path& file, int pixels_a_side, std::optional<int> wanted_zoom)
      : side{pixels_a_side},
        raster{opened_geotiff(file)},
        extent{extent_of(*raster)},
        zoom{wanted_zoom.value_or(zoom_as_fine_as(extent, side))},
        range{extent, zoom} {
    refuse_too_many(range, side, zoom);
    mercator = on_tiles(*raster, range, side, zoom);
  }

  int side;
  GDALDatasetUniquePtr raster;
  Extent extent;
  int zoom;
  TileRange range;
  GDALDatasetUniquePtr mercator;
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

std::uint64_t Source::tiles() const { return static_cast<std::uint64_t>(state_->range.columns() * state_->range.rows()); }

bool Source::touches(TileId tile) const {
  const auto& range = state_->range;
  const int shift = state_->zoom - tile.zoom();
  const auto lies_in = [shift](std::int64_t place, std::int64_t first, std::int64_t last) { return first >> shift <= place && place <= last >> shift; };
  return lies_in(tile.x(), range.first_x, range.last_x) && lies_in(tile.y(), range.first_y, range.last_y);
}

Pixels Source::pixels_of(TileId tile) const {
  const CPLErrorHandlerPusher quiet{CPLQuietErrorHandler};
  auto& mercator = *state_->mercator;
  const int side = state_->side;
  const int left = static_cast<int>(tile.x() - state_->range.first_x) * side, top = static_cast<int>(tile.y() - state_->range.first_y) * side;
  const int alpha = mercator.GetRasterCount();
  const bool coloured = alpha > 3;
  std::array bands{1, coloured ? 2 : 1, coloured ? 3 : 1, alpha};
  Pixels pixels(static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 4);
  if (mercator.RasterIO(GF_Read, left, top, side, side, pixels.data(), side, side, GDT_Byte, 4, bands.data(), 4, 4 * side, 1, nullptr) != CE_None) {
    throw std::runtime_error{"tile " + tile.text() + " can't be read from the raster: " + CPLGetLastErrorMsg()};
  }
  if (shows_nothing(pixels)) return {};
  return pixels;
}

}  // namespace cairn::tiler::raster
