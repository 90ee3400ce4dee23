#include "tiler/raster/source.hpp"

#include "tests/catch.hpp"
#include "tests/tiler/archive/archive_folder.hpp"
#include "tests/tiler/raster/tiff.hpp"

#include <gdal_priv.h>
#include <sys/stat.h>

#include <fstream>

using namespace cairn;
using namespace cairn::tiler;
using namespace cairn::tiler::testing;

namespace {

Colour grey(int, int) { return {90, 90, 90, 90}; }
const Tiff kLund{.epsg = 4326, .west = 13, .north = 56, .pixel = 0.001, .colour = grey};

/// Why a raster is refused.
std::string refusal(const std::filesystem::path& file, std::optional<int> zoom = {}) {
  try {
    const raster::Source source{file, 256, zoom};
    return "not refused";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}
std::string refusal(const ArchiveFolder& folder, const Tiff& tiff, std::optional<int> zoom = {}) {
  write_tiff(folder / "a.tif", tiff);
  return refusal(folder / "a.tif", zoom);
}
/// What shows at a place: red, green, blue, alpha.
Colour colour_shown(const raster::Source& source, double lat_deg, double lon_deg) {
  const auto point = world_point_of(*LatLon::from_degrees(lat_deg, lon_deg));
  const auto pixels = source.pixels_of(tile_of(point, source.zoom()));
  if (pixels.empty()) return {0, 0, 0, 0};
  const int shift = 24 - source.zoom();
  const auto* pixel = &pixels[(((point.y >> shift) & 255) * 256 + ((point.x >> shift) & 255)) * 4];
  return {pixel[0], pixel[1], pixel[2], pixel[3]};
}
constexpr Colour kRed{255, 0, 0, 255}, kBlue{0, 0, 255, 255}, kNothing{0, 0, 0, 0};

Tiff changed(Tiff tiff, const std::function<void(Tiff&)>& change) {
  change(tiff);
  return tiff;
}

}  // namespace

TEST_CASE("a raster without place or with other pixels is refused with what to do") {
  const ArchiveFolder folder;
  CHECK_THAT(refusal(folder, changed(kLund, [](Tiff& t) { t.epsg = 0; })), ContainsText("gdal_edit.py -a_srs"));
  CHECK_THAT(refusal(folder, changed(kLund, [](Tiff& t) { t.placed = false; })), ContainsText("gdal_edit.py -a_ullr"));
  CHECK_THAT(refusal(folder, changed(kLund, [](Tiff& t) { t.wide = true; })), ContainsText("-ot Byte"));
  CHECK_THAT(refusal(folder, changed(kLund, [](Tiff& t) { t.bands = 5, t.colour = {}; })), ContainsText("-b 1 -b 2 -b 3"));
  write_tiff(folder / "palette.tif", changed(kLund, [](Tiff& t) { t.bands = 1, t.options = {{"PHOTOMETRIC", "PALETTE"}}; }));
  CHECK_THAT(refusal(folder / "palette.tif"), ContainsText("-expand rgb"));
}

TEST_CASE("a raster outside the map, around a pole or around the globe twice is refused") {
  const ArchiveFolder folder;
  CHECK_THAT(refusal(folder, changed(kLund, [](Tiff& t) { t.north = 89, t.pixel = 0.1; })), ContainsText("outside the map"));
  CHECK_THAT(refusal(folder, {.epsg = 3413, .west = -1e6, .north = 1e6, .pixel = 1000, .width = 2000, .height = 2000}), ContainsText("holds a pole"));
  CHECK_THAT(refusal(folder, {.epsg = 4326, .west = -220, .north = 60, .pixel = 1, .width = 440, .height = 100, .colour = grey}), ContainsText("more than once"));
}

TEST_CASE("a raster across the 180th meridian shows at both edges of the map, whatever its projection") {
  const ArchiveFolder folder;
  const auto halves = [](int x, int) { return x < 150 ? kRed : kBlue; };
  write_tiff(folder / "utm.tif", {.epsg = 32660, .west = 700'000, .north = 300'000, .pixel = 1000, .width = 300, .height = 200, .colour = halves});  // to 181.5 degrees, blue from 180.14
  write_tiff(folder / "east.tif", {.epsg = 4326, .west = 178.8, .north = 3, .pixel = 0.009, .width = 300, .height = 300, .colour = halves});         // the same in degrees
  write_tiff(folder / "west.tif", {.epsg = 4326, .west = -181.2, .north = 3, .pixel = 0.009, .width = 300, .height = 300, .colour = halves});
  for (const auto* name : {"utm.tif", "east.tif", "west.tif"}) {
    CAPTURE(name);
    const raster::Source source{folder / name, 256, {}};
    CHECK(source.zoom() == 7);
    CHECK(colour_shown(source, 2, 179.5) == kRed);
    CHECK(colour_shown(source, 2, 179.98) == kRed);
    CHECK(colour_shown(source, 2, -179.98) == kRed);
    CHECK(colour_shown(source, 2, -179.5) == kBlue);
    CHECK(colour_shown(source, 2, -178.9) == kBlue);
    CHECK(colour_shown(source, 2, -178.0) == kNothing);
    CHECK(colour_shown(source, 2, 178.5) == kNothing);
    CHECK_FALSE(source.touches(*TileId::from_zxy(7, 64, 63)));
    const raster::Source world{folder / name, 256, 0};
    const auto pixels = world.pixels_of(TileId{});
    for (const auto x : {std::size_t{0}, std::size_t{255}}) CHECK(pixels[(126 * 256 + x) * 4 + 3] > 0);
  }
}

TEST_CASE("a world that begins at Greenwich is turned to begin at the 180th meridian") {
  const ArchiveFolder folder;
  write_tiff(folder / "world.tif", {.epsg = 4326, .west = 0, .north = 90, .pixel = 1, .width = 360, .height = 180, .colour = [](int x, int) { return x < 180 ? kRed : kBlue; }});
  const raster::Source source{folder / "world.tif", 256, {}};
  for (const auto lat : {80, 10, -45}) {
    CHECK(colour_shown(source, lat, 5) == kRed);
    CHECK(colour_shown(source, lat, 175) == kRed);
    CHECK(colour_shown(source, lat, -175) == kBlue);
    CHECK(colour_shown(source, lat, -5) == kBlue);
  }
}

TEST_CASE("the whole world is no raster that crosses its edge") {
  const ArchiveFolder folder;
  write_tiff(folder / "world.tif", {.epsg = 4326, .west = -180, .north = 90, .pixel = 1, .width = 360, .height = 180, .colour = grey});
  REQUIRE(refusal(folder / "world.tif") == "not refused");
  const raster::Source world{folder / "world.tif", 256, 2};
  for (const int y : {0, 3}) REQUIRE_FALSE(world.pixels_of(*TileId::from_zxy(2, 3, y)).empty());
}

TEST_CASE("a small file that promises a large raster is refused before any of it is made") {
  const ArchiveFolder folder;
  const Tiff sparse{.epsg = 3857, .west = -2e6, .north = 2e6, .pixel = 4, .width = 2'000'000, .height = 2'000'000, .bands = 1,
                    .options = {{"SPARSE_OK", "TRUE"}, {"TILED", "YES"}, {"BLOCKXSIZE", "16384"}, {"BLOCKYSIZE", "16384"}}};
  CHECK_THAT(refusal(folder, sparse), ContainsText("--max-zoom"));
  REQUIRE(std::filesystem::file_size(folder / "a.tif") < 1'000'000);
  const Tiff one_block{.pixel = 0.1, .width = 30'000, .height = 30'000, .bands = 1,
                       .options = {{"SPARSE_OK", "TRUE"}, {"TILED", "YES"}, {"BLOCKXSIZE", "16384"}, {"BLOCKYSIZE", "20000"}}};
  CHECK_THAT(refusal(folder, one_block), ContainsText("TILED=YES"));
}

TEST_CASE("headers that promise more pixels than there are bytes, or none, are refused in a sentence") {
  const ArchiveFolder folder;
  constexpr std::uint32_t kMany = 1'000'000'000;
  const auto refused = [&](const TiffHeader& header) {
    write_tiff_header(folder / "a.tif", header);
    return refusal(folder / "a.tif");
  };
  REQUIRE(refused({}) == "not refused");
  CHECK_THAT(refused({.width = kMany, .height = kMany}), ContainsText("a.tif: it"));
  CHECK_THAT(refused({.width = kMany, .height = kMany, .rows_per_strip = kMany}), ContainsText("a.tif: it"));
  CHECK_THAT(refused({.width = kMany, .height = kMany, .tile_side = 256}), ContainsText("a.tif: it"));
  CHECK_THAT(refused({.width = kMany, .height = kMany, .tile_side = kMany}), ContainsText("a.tif: it"));
  CHECK_THAT(refused({.bands = 65'535}), ContainsText("a.tif: it"));
  CHECK_THAT(refused({.width = 0}), ContainsText("is no GeoTIFF"));
  CHECK_THAT(refused({.height = 0}), ContainsText("is no GeoTIFF"));
  CHECK_THAT(refused({.bands = 0}), ContainsText("a.tif: it"));
  CHECK_THAT(refused({.bits = 0}), ContainsText("a.tif: it"));
}

TEST_CASE("what is no GeoTIFF, or leads to other files, is not opened") {
  const ArchiveFolder folder;
  write_tiff(folder / "good.tif", kLund);
  std::ofstream{folder / "text.tif"} << "no picture";
  CHECK_THAT(refusal(folder / "text.tif"), ContainsText("is no GeoTIFF"));
  REQUIRE(::mkfifo((folder / "pipe.tif").c_str(), 0600) == 0);
  CHECK_THAT(refusal(folder / "pipe.tif"), ContainsText("is no file"));
  std::ofstream{folder / "empty.tif"} << "";
  CHECK_THAT(refusal(folder / "empty.tif"), ContainsText("is no GeoTIFF"));
  std::ofstream{folder / "other.vrt"} << "<VRTDataset rasterXSize=\"4\" rasterYSize=\"4\"><SRS>EPSG:4326</SRS><VRTRasterBand dataType=\"Byte\" band=\"1\"><SimpleSource>"
                                         "<SourceFilename>" << (folder / "good.tif").string() << "</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>";
  CHECK_THAT(refusal(folder / "other.vrt"), ContainsText("is no GeoTIFF"));
  {
    const GDALDatasetUniquePtr file{GDALDataset::Open((folder / "good.tif").c_str(), GDAL_OF_UPDATE)};
    file->SetMetadataItem("OVERVIEW_FILE", (folder / "other.vrt").c_str(), "OVERVIEWS");
  }
  CHECK_THAT(refusal(folder / "good.tif"), ContainsText("names another file"));
}

TEST_CASE("a raster that is cut short is refused, or its missing tiles are named") {
  const ArchiveFolder folder;
  write_tiff(folder / "a.tif", changed(kLund, [](Tiff& t) { t.width = t.height = 300; }));
  const auto size = std::filesystem::file_size(folder / "a.tif");
  std::filesystem::resize_file(folder / "a.tif", size / 2);
  const raster::Source cut{folder / "a.tif", 256, 8};
  REQUIRE_THROWS_WITH(cut.pixels_of(tile_of(*LatLon::from_degrees(55.8, 13.1), 8)), ContainsText("can't be read"));
  std::filesystem::resize_file(folder / "a.tif", 100);
  CHECK_THAT(refusal(folder / "a.tif"), ContainsText("is no GeoTIFF"));
}

TEST_CASE("of a raster with a value for no data, or with an alpha band, only the rest shows") {
  const ArchiveFolder folder;
  const auto tile = *TileId::from_zxy(12, 2200, 1343);
  Tiff tiff{.west = west_of(tile), .north = north_of(tile), .pixel = tile_width_m(12) / 256, .width = 256, .height = 256};
  tiff.colour = [](int x, int y) { return x < 128 ? Colour{7, 7, 7, 0} : Colour{7, 200, y, 255}; };
  tiff.bands = 4;
  write_tiff(folder / "alpha.tif", tiff);
  tiff.bands = 3;
  tiff.nodata = 7;
  write_tiff(folder / "nodata.tif", tiff);
  for (const auto* name : {"alpha.tif", "nodata.tif"}) {
    CAPTURE(name);
    const raster::Source source{folder / name, 256, {}};
    REQUIRE(source.zoom() == 12);
    const auto pixels = source.pixels_of(tile);
    REQUIRE(pixels.size() == 256 * 256 * 4);
    const auto at = [&](std::size_t x, std::size_t y) { return raster::Pixels(pixels.begin() + static_cast<std::ptrdiff_t>(4 * (256 * y + x)), pixels.begin() + static_cast<std::ptrdiff_t>(4 * (256 * y + x) + 4)); };
    REQUIRE(at(100, 50)[3] == 0);
    REQUIRE(at(200, 50) == raster::Pixels{7, 200, 50, 255});
  }
}
