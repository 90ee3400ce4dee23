#include "tests/tiler/raster/tiff.hpp"

#include "tests/catch.hpp"

#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <bit>
#include <cmath>
#include <fstream>

namespace cairn::tiler::testing {
namespace {

void write_pixels(GDALDataset& file, const Tiff& tiff) {
  std::vector<std::uint8_t> row(static_cast<std::size_t>(tiff.width));
  for (int band = 0; band < tiff.bands; ++band) {
    for (int y = 0; y < tiff.height; ++y) {
      for (int x = 0; x < tiff.width; ++x) row[static_cast<std::size_t>(x)] = static_cast<std::uint8_t>(tiff.colour(x, y)[static_cast<std::size_t>(band)]);
      REQUIRE(file.GetRasterBand(band + 1)->RasterIO(GF_Write, 0, y, tiff.width, 1, row.data(), tiff.width, 1, GDT_Byte, 0, 0, nullptr) == CE_None);
    }
  }
}

/// Four bands, the missing ones as grey and opaque.
raster::Pixels all_pixels(GDALDataset& picture, int left, int top, int width, int height) {
  const int count = picture.GetRasterCount();
  std::array bands{1, count >= 3 ? 2 : 1, count >= 3 ? 3 : 1, count};
  const int read = count % 2 == 0 ? 4 : 3;
  raster::Pixels pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4, 255);
  REQUIRE(picture.RasterIO(GF_Read, left, top, width, height, pixels.data(), width, height, GDT_Byte, read, bands.data(), 4, 4 * width, 1, nullptr) == CE_None);
  return pixels;
}

/// The parts of a classic little-endian TIFF.
class TiffWriter {
 public:
  void add(std::uint16_t tag, std::uint16_t type, std::uint32_t count, std::uint32_t value) {
    number(tag, 2), number(type, 2), number(count, 4), number(value, 4);
    ++entries;
  }
  void number(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) directory.push_back(static_cast<char>(value >> (8 * i)));
  }
  std::string directory;
  int entries = 0;
};

}  // namespace

void write_tiff_header(const std::filesystem::path& file, const TiffHeader& header) {
  constexpr std::uint16_t kShort = 3, kLong = 4, kDouble = 12;
  constexpr std::uint32_t kPixels = 8, kScale = 24, kTie = 48, kKeys = 96, kDirectory = 128;  // where they begin
  TiffWriter values;
  values.number(0x2a4949, 4), values.number(kDirectory, 4), values.number(0, 8), values.number(0, 8);
  for (const double value : {1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0}) values.number(std::bit_cast<std::uint64_t>(value), 8);
  for (const int key : {1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 3857}) values.number(static_cast<std::uint64_t>(key), 2);
  TiffWriter tags;
  tags.add(256, kLong, 1, header.width);
  tags.add(257, kLong, 1, header.height);
  tags.add(258, kShort, 1, header.bits);
  tags.add(259, kShort, 1, 1);
  tags.add(262, kShort, 1, 1);
  if (header.tile_side == 0) tags.add(273, kLong, 1, kPixels);
  tags.add(277, kShort, 1, header.bands);
  if (header.tile_side == 0) {
    tags.add(278, kLong, 1, header.rows_per_strip);
    tags.add(279, kLong, 1, 16);
  } else {
    tags.add(322, kLong, 1, header.tile_side);
    tags.add(323, kLong, 1, header.tile_side);
    tags.add(324, kLong, 1, kPixels);
    tags.add(325, kLong, 1, 16);
  }
  tags.add(33550, kDouble, 3, kScale);
  tags.add(33922, kDouble, 6, kTie);
  tags.add(34735, kShort, 16, kKeys);
  TiffWriter count;
  count.number(static_cast<std::uint64_t>(tags.entries), 2);
  std::ofstream{file, std::ios::binary} << values.directory << count.directory << tags.directory << std::string(4, '\0');
}

double tile_width_m(int zoom) { return 2 * kEdge_m / std::exp2(zoom); }
double west_of(TileId tile) { return tile.x() * tile_width_m(tile.zoom()) - kEdge_m; }
double north_of(TileId tile) { return kEdge_m - tile.y() * tile_width_m(tile.zoom()); }

void write_tiff(const std::filesystem::path& file, const Tiff& tiff) {
  GDALAllRegister();
  CPLStringList options;
  for (const auto& [name, value] : tiff.options) options.SetNameValue(name.c_str(), value.c_str());
  auto* driver = GetGDALDriverManager()->GetDriverByName("GTiff");
  const GDALDatasetUniquePtr written{driver->Create(file.c_str(), tiff.width, tiff.height, tiff.bands, tiff.wide ? GDT_UInt16 : GDT_Byte, options.List())};
  REQUIRE(written);
  std::array transform{tiff.west, tiff.pixel, 0.0, tiff.north, 0.0, -tiff.pixel};
  if (tiff.placed) written->SetGeoTransform(transform.data());
  OGRSpatialReference projection;
  if (tiff.epsg != 0) {
    projection.importFromEPSG(tiff.epsg);
    written->SetSpatialRef(&projection);
  }
  if (tiff.nodata >= 0) written->GetRasterBand(1)->SetNoDataValue(tiff.nodata);
  if (tiff.colour) write_pixels(*written, tiff);
}

raster::Pixels decoded(ByteView picture) {
  GDALAllRegister();
  const char* name = "/vsimem/decoded-by-a-test";
  Bytes bytes{picture.begin(), picture.end()};
  VSIFCloseL(VSIFileFromMemBuffer(name, reinterpret_cast<GByte*>(bytes.data()), bytes.size(), FALSE));
  raster::Pixels pixels;
  {
    const GDALDatasetUniquePtr opened{GDALDataset::Open(name, GDAL_OF_RASTER)};
    REQUIRE(opened);
    pixels = all_pixels(*opened, 0, 0, opened->GetRasterXSize(), opened->GetRasterYSize());
  }
  VSIUnlink(name);
  return pixels;
}

Colour colour_at(const std::filesystem::path& mbtiles, double x_m, double y_m) {
  const GDALDatasetUniquePtr map{GDALDataset::Open(mbtiles.c_str(), GDAL_OF_RASTER)};
  REQUIRE(map);
  std::array<double, 6> transform{};
  map->GetGeoTransform(transform.data());
  const auto column = static_cast<int>(std::floor((x_m - transform[0]) / transform[1])), row = static_cast<int>(std::floor((y_m - transform[3]) / transform[5]));
  const auto pixel = all_pixels(*map, column, row, 1, 1);
  return {pixel[0], pixel[1], pixel[2], pixel[3]};
}

}  // namespace cairn::tiler::testing
