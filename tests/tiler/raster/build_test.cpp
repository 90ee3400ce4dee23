#include "tiler/raster/build.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"
#include "tests/small_files.hpp"
#include "tests/tiler/archive/archive_folder.hpp"
#include "tests/tiler/raster/tiff.hpp"
#include "tiler/archive/reader.hpp"

#include <gdal_priv.h>

#include <fstream>
#include <iostream>
#include <map>

using namespace cairn;
using namespace cairn::tiler;
using namespace cairn::tiler::testing;
using cairn::testing::Random;
using raster::BuildOptions;
using raster::Pixels;

namespace {

/// Two tiles of zoom 12 side by side, pixel on pixel.
const TileId kTile = *TileId::from_zxy(12, 2200, 1343);
Tiff two_tiles() {
  return {.west = west_of(kTile), .north = north_of(kTile), .pixel = tile_width_m(12) / 256, .width = 512, .height = 256,
          .colour = [](int x, int y) { return Colour{x % 256, y, (x / 16 + y / 16) % 2 * 255}; }};
}

/// Noise, with holes.
Tiff noise(Random& random) {
  static std::vector<std::uint8_t> values(4096);
  for (auto& value : values) value = static_cast<std::uint8_t>(random.whole(0, 255));
  return {.epsg = 32633, .west = 380'000, .north = 6'180'000, .pixel = 3, .width = 400, .height = 300, .bands = 1, .nodata = 0,
          .colour = [](int x, int y) { return Colour{(x / 50 + y / 50) % 3 == 0 ? 0 : values[static_cast<std::size_t>(x * 67 + y * 131) % values.size()]}; }};
}

bool gdal_reads_mbtiles() {
  GDALAllRegister();
  if (GetGDALDriverManager()->GetDriverByName("MBTiles")) return true;
  std::cout << "skipped: this GDAL was built without its MBTiles driver\n";
  return false;
}

}  // namespace

TEST_CASE("a raster that lies on the grid of tiles comes back pixel for pixel, from GDAL's reader of MBTiles too") {
  const ArchiveFolder folder;
  const auto tiff = two_tiles();
  write_tiff(folder / "ground.tif", tiff);
  for (const auto* name : {"ground.pmtiles", "ground.mbtiles"}) {
    REQUIRE(raster::build_archive(folder / name, folder / "ground.tif", {.format = TileFormat::png}).tiles == 2 + 12);
    REQUIRE(problems_of_archive(folder / name).empty());
    const auto pixels = decoded(open_archive(folder / name)->tile(kTile)->bytes);
    for (int y = 0; y < 256; ++y) {
      for (int x = 0; x < 256; ++x) {
        const auto wanted = tiff.colour(x, y);
        for (std::size_t band = 0; band < 3; ++band) {
          if (pixels[static_cast<std::size_t>(y * 256 + x) * 4 + band] != wanted[band]) FAIL("another colour at " << x << ", " << y);
        }
      }
    }
  }
  if (!gdal_reads_mbtiles()) return;
  for (const auto& [x, y] : {std::pair{0, 0}, {100, 7}, {255, 255}, {256, 0}, {511, 128}}) {
    CAPTURE(x, y);
    const auto wanted = tiff.colour(x, y);
    REQUIRE(colour_at(folder / "ground.mbtiles", tiff.west + (x + 0.5) * tiff.pixel, tiff.north - (y + 0.5) * tiff.pixel) == Colour{wanted[0], wanted[1], wanted[2], 255});
  }
}

TEST_CASE("a raster in degrees shows where it lies, and nothing shows around it") {
  if (!gdal_reads_mbtiles()) return;
  const ArchiveFolder folder;
  write_tiff(folder / "lund.tif", {.epsg = 4326, .west = 13, .north = 56, .pixel = 0.001, .width = 400, .height = 400,
                                   .colour = [](int x, int y) { return x < 200 && y < 200 ? Colour{255, 0, 0} : Colour{0, 0, 255}; }});
  raster::build_archive(folder / "lund.mbtiles", folder / "lund.tif", {.format = TileFormat::png});
  const auto at = [&](double lat, double lon) {
    const auto point = world_point_of(*LatLon::from_degrees(lat, lon));
    return colour_at(folder / "lund.mbtiles", point.x / 4294967296.0 * 2 * kEdge_m - kEdge_m, kEdge_m - point.y / 4294967296.0 * 2 * kEdge_m);
  };
  REQUIRE(at(55.95, 13.05) == Colour{255, 0, 0, 255});
  REQUIRE(at(55.65, 13.35) == Colour{0, 0, 255, 255});
  REQUIRE(at(55.98, 12.998)[3] == 0);
}

TEST_CASE("every tile above the deepest zoom is the mean of the four below it") {
  const ArchiveFolder folder;
  Random random{cairn::testing::seed_of_run()};
  write_tiff(folder / "noise.tif", noise(random));
  raster::build_archive(folder / "noise.pmtiles", folder / "noise.tif", {.format = TileFormat::png});
  const auto archive = open_archive(folder / "noise.pmtiles");
  std::map<TileId, Pixels> drawn;
  for (const auto id : archive->tiles()) drawn[tile_of_hilbert_id(id)] = decoded(archive->tile(tile_of_hilbert_id(id))->bytes);
  const auto below = [&](TileId tile) {
    std::array<Pixels, 4> pixels;
    for (std::size_t i = 0; i < 4; ++i) {
      if (const auto found = drawn.find(tile.children()[i]); found != drawn.end()) pixels[i] = found->second;
    }
    return pixels;
  };
  REQUIRE(drawn.size() > 20);
  for (const auto& [tile, pixels] : drawn) {
    CAPTURE(tile.text());
    if (tile.zoom() < archive->facts().max_zoom) REQUIRE(pixels == raster::halved(below(tile), 256));
  }
}

TEST_CASE("the same raster gives the same bytes in every format, whatever the number of threads") {
  const ArchiveFolder folder;
  Random random{cairn::testing::seed_of_run()};
  write_tiff(folder / "noise.tif", noise(random));
  for (const auto& [format, zoom] : {std::pair{TileFormat::png, 15}, {TileFormat::webp, 15}, {TileFormat::jpeg, 17}}) {
    BuildOptions options{.max_zoom = zoom, .side = zoom == 15 ? 512 : 256, .format = format};
    raster::build_archive(folder / "a.pmtiles", folder / "noise.tif", options);
    const auto first = content_of(folder / "a.pmtiles");
    options.threads = 5;
    raster::build_archive(folder / "a.pmtiles", folder / "noise.tif", options);
    REQUIRE(content_of(folder / "a.pmtiles") == first);
    REQUIRE(problems_of_archive(folder / "a.pmtiles").empty());
    REQUIRE(open_archive(folder / "a.pmtiles")->facts().format == format);
  }
  REQUIRE(open_archive(folder / "a.pmtiles")->tiles().size() > 50);   // shared by the threads piece by piece
}

TEST_CASE("a raster across the 180th meridian becomes a valid archive") {
  const ArchiveFolder folder;
  write_tiff(folder / "fiji.tif", {.epsg = 3832, .west = 3'200'000, .north = -1'800'000, .pixel = 2000, .width = 400, .height = 300, .colour = [](int x, int y) { return Colour{x % 256, y % 256, 99}; }});
  for (const auto* name : {"fiji.pmtiles", "fiji.mbtiles"}) {
    raster::build_archive(folder / name, folder / "fiji.tif", {.threads = 3});
    REQUIRE(problems_of_archive(folder / name) == std::vector<std::string>{});
  }
}

TEST_CASE("zooms that were not asked for are left out") {
  const ArchiveFolder folder;
  write_tiff(folder / "ground.tif", two_tiles());
  raster::build_archive(folder / "a.pmtiles", folder / "ground.tif", {.max_zoom = 11, .min_zoom = 10});
  const auto archive = open_archive(folder / "a.pmtiles");
  REQUIRE(archive->facts().min_zoom == 10);
  REQUIRE(archive->facts().max_zoom == 11);
  REQUIRE_THROWS_WITH(raster::build_archive(folder / "a.pmtiles", folder / "ground.tif", {.min_zoom = 13}), ContainsText("deeper than the deepest zoom, 12"));
  REQUIRE_THROWS_WITH(raster::build_archive(folder / "a.zip", folder / "ground.tif", {}), ContainsText(".pmtiles or .mbtiles"));
}

TEST_CASE("a raster that shows nothing, or ends in the middle, leaves no file") {
  const ArchiveFolder folder;
  write_tiff(folder / "none.tif", {.nodata = 5, .colour = [](int, int) { return Colour{5, 5, 5}; }});
  REQUIRE_THROWS_WITH(raster::build_archive(folder / "a.pmtiles", folder / "none.tif", {}), ContainsText("no tiles"));
  write_tiff(folder / "cut.tif", two_tiles());
  std::filesystem::resize_file(folder / "cut.tif", 100'000);
  REQUIRE_THROWS_WITH(raster::build_archive(folder / "a.pmtiles", folder / "cut.tif", {.threads = 3}), ContainsText("can't be read"));
  REQUIRE(folder.files() == 2);
}

TEST_CASE("a raster that is cut or changed anywhere gives a sentence or an archive, never a crash and nothing partial") {
  const ArchiveFolder folder;
  Random random{cairn::testing::seed_of_run()};
  auto tiff = noise(random);
  tiff.options = {{"TILED", "YES"}, {"BLOCKXSIZE", "64"}, {"BLOCKYSIZE", "64"}, {"COMPRESS", "DEFLATE"}};
  write_tiff(folder / "whole.tif", tiff);
  const auto whole = content_of(folder / "whole.tif");
  int refused = 0;
  for (int i = 0; i < 120; ++i) {
    auto bytes = whole;
    if (i % 2 == 0) bytes.resize(static_cast<std::size_t>(random.whole(0, static_cast<std::int64_t>(whole.size()) - 1)));
    for (int change = 0; change < 4 && i % 2 == 1; ++change) {
      const auto end = static_cast<std::int64_t>(change % 2 == 0 ? whole.size() : 1000);   // the header is where it hurts
      bytes[static_cast<std::size_t>(random.whole(0, end - 1))] = static_cast<char>(random.whole(0, 255));
    }
    std::ofstream{folder / "bad.tif", std::ios::binary} << bytes;
    CAPTURE(i);
    try {
      raster::build_archive(folder / "bad.pmtiles", folder / "bad.tif", {.max_zoom = 12, .format = TileFormat::jpeg, .threads = 2});
      REQUIRE(problems_of_archive(folder / "bad.pmtiles").empty());
      std::filesystem::remove(folder / "bad.pmtiles");
    } catch (const std::runtime_error& error) {
      REQUIRE(std::string{error.what()}.size() > 20);
      ++refused;
    }
    REQUIRE(folder.files() == 2);
  }
  REQUIRE(refused > 50);
}

TEST_CASE("a disk that is full, or a folder that can't be written to, leaves the old archive of pictures and nothing else") {
  const ArchiveFolder folder;
  Random random{cairn::testing::seed_of_run()};
  write_tiff(folder / "noise.tif", noise(random));
  std::ofstream{folder / "a.pmtiles"} << "the old one";
  for (const rlim_t room : {0, 5000, 50'000}) {
    const cairn::testing::SmallFiles small{room};
    REQUIRE_THROWS_WITH(raster::build_archive(folder / "a.pmtiles", folder / "noise.tif", {.format = TileFormat::png}), ContainsText("can't write"));
  }
  for (const auto* target : {"missing/a.pmtiles", "noise.tif/a.mbtiles"}) {
    REQUIRE_THROWS_WITH(raster::build_archive(folder / target, folder / "noise.tif", {}), ContainsText("can't write beside") && ContainsText(target));
  }
  REQUIRE(content_of(folder / "a.pmtiles") == "the old one");
  REQUIRE(folder.files() == 2);
}
