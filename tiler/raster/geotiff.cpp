#include "tiler/raster/geotiff.hpp"

#include <ogr_spatialref.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace cairn::tiler::raster {
namespace {

constexpr std::int64_t kMostBlockBytes = std::int64_t{256} << 20;  ///< unpacked; the usual ones have 64 kB to 3 MB
constexpr std::int64_t kCacheBytes = kMostBlockBytes;              ///< of blocks; GDAL's own choice is a twentieth of all memory
constexpr int kBorderSteps = 32;                                   ///< a side
constexpr double kLastLatitude_deg = 85.0511287798066;             ///< of Web Mercator's square
using Transform = std::array<double, 6>;

Transform checked_place(GDALDataset& raster) {
  Transform transform{};
  if (!raster.GetSpatialRef()) throw std::runtime_error{"it says nothing of its projection: give it one with `gdal_edit.py -a_srs`"};
  if (raster.GetGeoTransform(transform.data()) != CE_None) {
    throw std::runtime_error{"it doesn't say where it lies: give it a place with `gdal_edit.py -a_ullr`, or `gdalwarp` one that has control points"};
  }
  return transform;
}

void check_pixels(GDALDataset& raster) {
  const int bands = raster.GetRasterCount();
  bool sound = bands >= 1 && bands <= 4;
  for (auto* band : raster.GetBands()) sound = sound && band->GetRasterDataType() == GDT_Byte && !band->GetColorTable();
  if (!sound) {
    throw std::runtime_error{"its pixels are not grey or colour of 8 bits: turn them into that with `gdal_translate -ot Byte -scale`, `-expand rgb` for a palette, "
                             "`-b 1 -b 2 -b 3` for the bands to show"};
  }
  int width = 0, height = 0;
  raster.GetRasterBand(1)->GetBlockSize(&width, &height);
  if (std::int64_t{width} * height * bands > kMostBlockBytes) {
    throw std::runtime_error{"its blocks of " + std::to_string(width) + " x " + std::to_string(height) +
                             " pixels are too large to be read piece by piece: cut them anew with `gdal_translate -co TILED=YES`"};
  }
}

/// A file by strangers may name another one, at any address, that GDAL would take for the same picture made smaller.
void check_overviews(GDALDataset& raster) {
  if (raster.GetMetadataItem("OVERVIEW_FILE", "OVERVIEWS")) throw std::runtime_error{"it names another file as its overviews: copy it with `gdal_translate -nomd`"};
}

struct DestroyTransformation {
  void operator()(OGRCoordinateTransformation* transformation) const { OGRCoordinateTransformation::DestroyCT(transformation); }
};

struct GlobePoint {
  double lon_deg, lat_deg;
};

/// Points of the border, in the order of a walk around it; those that lie nowhere are left out.
std::vector<GlobePoint> border_of(GDALDataset& raster, const Transform& transform) {
  OGRSpatialReference globe;
  globe.SetWellKnownGeogCS("WGS84");
  globe.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  OGRSpatialReference own{*raster.GetSpatialRef()};
  own.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  const std::unique_ptr<OGRCoordinateTransformation, DestroyTransformation> to_globe{OGRCreateCoordinateTransformation(&own, &globe)};
  if (!to_globe) throw std::runtime_error{"its projection can't be turned into longitude and latitude"};

  constexpr std::array<std::array<double, 2>, 5> kCorners{{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}};
  std::vector<GlobePoint> points;
  for (std::size_t side = 0; side < 4; ++side) {
    for (int step = 0; step < kBorderSteps; ++step) {
      const auto between = [&](std::size_t axis, int pixels) {
        return std::lerp(kCorners[side][axis], kCorners[side + 1][axis], static_cast<double>(step) / kBorderSteps) * pixels;
      };
      const double column = between(0, raster.GetRasterXSize()), row = between(1, raster.GetRasterYSize());
      double x = transform[0] + transform[1] * column + transform[2] * row, y = transform[3] + transform[4] * column + transform[5] * row;
      if (to_globe->Transform(1, &x, &y)) points.push_back({x, y});
    }
  }
  return points;
}

void check_latitudes(const std::vector<GlobePoint>& border) {
  const auto beyond = [](int sign) { return [sign](const GlobePoint& point) { return !(sign * point.lat_deg <= kLastLatitude_deg); }; };
  if (std::ranges::all_of(border, beyond(1)) || std::ranges::all_of(border, beyond(-1))) refuse_as_off_the_map();
}

/// Follows the longitude around the border without a jump. `slack_deg` may lie beyond the 180th meridian and doesn't count.
bool crosses_date_line(const std::vector<GlobePoint>& border, double slack_deg) {
  double lon = border.front().lon_deg, west = lon, east = lon;
  const auto go_to = [&](double lon_deg) {
    lon += std::remainder(lon_deg - lon, 360);
    west = std::min(west, lon);
    east = std::max(east, lon);
  };
  for (const auto& point : border) go_to(point.lon_deg);
  go_to(border.front().lon_deg);
  if (std::abs(lon - border.front().lon_deg) > 180) {
    throw std::runtime_error{"it holds a pole, which is nowhere on the map: turn it with `gdalwarp -t_srs EPSG:4326` first"};
  }
  if (!(east - west <= 360 + 2 * slack_deg)) throw std::runtime_error{"it reaches around the globe more than once: cut it with `gdal_translate -projwin`"};
  const double whole_turns_deg = 360 * std::round((west + east) / 720);
  return west - whole_turns_deg < -180 - slack_deg || east - whole_turns_deg > 180 + slack_deg;
}

/// World rasters often have half a pixel too much at an edge.
double slack_of(const GDALDataset& raster, const Transform& transform) {
  constexpr double kRounding_deg = 1e-6;
  return raster.GetSpatialRef()->IsGeographic() ? std::abs(transform[1]) : kRounding_deg;
}

}  // namespace

void refuse_as_off_the_map() { throw std::runtime_error{"it lies outside the map, which ends at 85 degrees of latitude"}; }

void prepare_gdal() {
  static std::once_flag prepared;
  std::call_once(prepared, [] {
    GDALAllRegister();
    if (!CPLGetConfigOption("GDAL_CACHEMAX", nullptr)) GDALSetCacheMax64(kCacheBytes);
  });
}

GeoTiff opened_geotiff(const std::filesystem::path& file) {
  prepare_gdal();
  if (!std::filesystem::is_regular_file(file)) throw std::runtime_error{"it is no file: write what comes through a pipe into one first"};
  constexpr std::array kDrivers{"GTiff", static_cast<const char*>(nullptr)};
  CPLErrorReset();
  GDALDatasetUniquePtr raster{GDALDataset::Open(std::filesystem::absolute(file).c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY, kDrivers.data())};
  if (!raster) {
    const std::string why = CPLGetLastErrorMsg();
    throw std::runtime_error{"it is no GeoTIFF that can be read: `gdal_translate` makes one of other rasters" + (why.empty() ? "" : " (" + why + ")")};
  }
  const auto transform = checked_place(*raster);
  check_pixels(*raster);
  check_overviews(*raster);
  const auto border = border_of(*raster, transform);
  check_latitudes(border);
  const bool crosses = crosses_date_line(border, slack_of(*raster, transform));
  return {std::move(raster), crosses};
}

}  // namespace cairn::tiler::raster
