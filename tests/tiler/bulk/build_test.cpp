#include "tiler/bulk/build.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"
#include "tests/small_files.hpp"
#include "tests/tiler/archive/archive_folder.hpp"
#include "tiler/archive/archive.hpp"

#include <gdal_priv.h>
#include <ogrsf_frmts.h>
#include <sys/stat.h>

#include <cstring>
#include <filesystem>
#include <fstream>

using namespace cairn::tiler;
using namespace cairn::tiler::bulk;
using namespace cairn::tiler::testing;
using cairn::testing::Random;
namespace fs = std::filesystem;

namespace {

std::string position(Random& random) {
  return "[" + std::to_string(8 + random.between(-0.2, 0.2)) + "," + std::to_string(50 + random.between(-0.2, 0.2)) + "]";
}
std::string positions(Random& random, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + position(random);
  return text;
}

enum class Shapes { none, some };

/// Points, lines and polygons with few and with many different values.
void write_features(const fs::path& file, int count, Shapes shapes = Shapes::some) {
  Random random{cairn::testing::seed_of_run()};
  std::ofstream out{file};
  for (int i = 0; i < count; ++i) {
    const auto kind = shapes == Shapes::some ? random.whole(0, 9) : 9;
    const auto first = position(random);
    const auto geometry = kind == 0   ? R"("LineString","coordinates":[)" + positions(random, 5) + "]"
                          : kind == 1 ? R"("Polygon","coordinates":[[)" + first + "," + positions(random, 4) + "," + first + "]]"
                                      : R"("Point","coordinates":)" + first;
    out << R"({"type":"Feature","geometry":{"type":)" << geometry << R"(},"properties":{"id":)" << i << R"(,"class":")" << (random.whole(0, 1) ? "sign" : "lamp")
        << R"(","height":)" << random.between(0, 9) << "}}\n";
  }
}

BuildSummary built(const fs::path& from, const fs::path& to, const BuildOptions& options = {}) { return build_archive(to, open_inputs(from, "things"), options); }

}  // namespace

TEST_CASE("an archive of points, lines and polygons is valid in every tile, in either format") {
  const ArchiveFolder folder;
  write_features(folder / "x.geojsonl", 3000);
  for (const char* name : {"x.pmtiles", "x.mbtiles"}) {
    const auto summary = built(folder / "x.geojsonl", folder / name, {.min_zoom = 4, .max_zoom = 12});
    REQUIRE(summary.features == 3000);
    REQUIRE(summary.zooms.size() == 9);
    REQUIRE(summary.zooms.at(12).features >= 3000);
    REQUIRE(problems_of_archive(folder / name) == std::vector<std::string>{});
  }
}

TEST_CASE("the number of threads, and whether the features fit in memory, don't change a byte") {
  const ArchiveFolder folder;
  write_features(folder / "x.geojsonl", 20'000);
  built(folder / "x.geojsonl", folder / "one.pmtiles", {.min_zoom = 8});
  built(folder / "x.geojsonl", folder / "many.pmtiles", {.min_zoom = 8, .threads = 5});
  built(folder / "x.geojsonl", folder / "disk.pmtiles", {.min_zoom = 8, .memory = 1 << 18});
  auto named = content_of(folder / "one.pmtiles");
  // Each archive says its own name: everything behind the metadata is compared.
  const auto tiles_of = [&](const char* name) {
    const auto content = content_of(folder / name);
    std::uint64_t offset = 0;
    std::memcpy(&offset, content.data() + 56, sizeof offset);
    return content.substr(offset);
  };
  REQUIRE(tiles_of("one.pmtiles").size() > 100'000);
  REQUIRE(tiles_of("many.pmtiles") == tiles_of("one.pmtiles"));
  REQUIRE(tiles_of("disk.pmtiles") == tiles_of("one.pmtiles"));
}

TEST_CASE("thinned, each zoom out keeps about its share") {
  const ArchiveFolder folder;
  write_features(folder / "x.geojsonl", 20'000, Shapes::none);
  const auto summary = built(folder / "x.geojsonl", folder / "x.pmtiles", {.min_zoom = 10, .max_zoom = 14, .thin = 2});
  REQUIRE(summary.zooms.at(13).features == Approx(summary.zooms.at(14).features / 2.0).epsilon(0.2));
  REQUIRE(summary.zooms.at(10).features == Approx(summary.zooms.at(14).features / 16.0).epsilon(0.3));
}

TEST_CASE("a zoom with too large a tile shows fewer features in all its tiles, and says how many") {
  const ArchiveFolder folder;
  write_features(folder / "x.geojsonl", 20'000);
  const auto summary = built(folder / "x.geojsonl", folder / "x.pmtiles", {.min_zoom = 6, .max_zoom = 14, .most_tile_bytes = 100'000});
  for (const auto& [zoom, of_zoom] : summary.zooms) REQUIRE(of_zoom.largest <= 100'000);
  REQUIRE(summary.zooms.at(6).kept < 1);
  REQUIRE(summary.zooms.at(6).largest_without.starts_with("6/"));
  REQUIRE(summary.zooms.at(14).kept == 1);
  REQUIRE(problems_of_archive(folder / "x.pmtiles") == std::vector<std::string>{});
}

TEST_CASE("a FlatGeobuf, a GeoPackage in another projection and GeoJSON of the same points give the same tiles") {
  const ArchiveFolder folder;
  GDALAllRegister();
  std::ofstream json{folder / "x.geojson"};
  json << R"({"type":"FeatureCollection","features":[)";
  for (const char* driver : {"FlatGeobuf", "GPKG"}) {
    const bool projected = std::string_view{driver} == "GPKG";
    const auto path = folder.path() / (projected ? "x.gpkg" : "x.fgb");
    OGRSpatialReference reference;
    reference.importFromEPSG(projected ? 3857 : 4326);
    reference.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    auto* dataset = GetGDALDriverManager()->GetDriverByName(driver)->Create(path.c_str(), 0, 0, 0, GDT_Unknown, nullptr);
    auto* layer = dataset->CreateLayer("things", &reference, wkbPoint);
    OGRFieldDefn number{"n", OFTInteger};
    REQUIRE(layer->CreateField(&number) == OGRERR_NONE);
    for (int i = 0; i < 50; ++i) {
      OGRFeature feature{layer->GetLayerDefn()};
      OGRPoint point{8.0 + i * 0.01, 50.0 + i * 0.01};
      if (!projected) json << (i == 0 ? "" : ",") << R"({"type":"Feature","geometry":{"type":"Point","coordinates":[)" << point.getX() << "," << point.getY() << R"(]},"properties":{"n":)" << i << "}}";
      if (projected) {
        OGRSpatialReference wgs84;
        wgs84.SetWellKnownGeogCS("WGS84");
        wgs84.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
        const std::unique_ptr<OGRCoordinateTransformation> to{OGRCreateCoordinateTransformation(&wgs84, &reference)};
        point.transform(to.get());
      }
      feature.SetField("n", i);
      feature.SetGeometry(&point);
      REQUIRE(layer->CreateFeature(&feature) == OGRERR_NONE);
    }
    GDALClose(dataset);
  }
  json << "]}";
  json.close();
  std::vector<std::uint64_t> sizes;
  for (const char* name : {"x.geojson", "x.fgb", "x.gpkg"}) {
    const auto summary = built(folder.path() / name, folder / "x.pmtiles");
    REQUIRE(summary.features == 50);
    REQUIRE(summary.zooms.at(14).features == 50);
    REQUIRE(problems_of_archive(folder / "x.pmtiles") == std::vector<std::string>{});
    sizes.push_back(summary.zooms.at(0).features);
  }
  REQUIRE(sizes == std::vector<std::uint64_t>(3, 50));
}

TEST_CASE("a disk that fills in the middle leaves the old archive and nothing else") {
  const ArchiveFolder folder;
  write_features(folder / "x.geojsonl", 20'000);
  std::ofstream{folder / "x.pmtiles"} << "the old one";
  for (const std::size_t memory : {std::size_t{1} << 30, std::size_t{1} << 18}) {
    const cairn::testing::SmallFiles small{100'000};
    REQUIRE_THROWS_WITH(built(folder / "x.geojsonl", folder / "x.pmtiles", {.min_zoom = 8, .memory = memory}), ContainsText("can't write"));
  }
  REQUIRE(content_of(folder / "x.pmtiles") == "the old one");
  REQUIRE(folder.files() == 2);
}

TEST_CASE("options that make no sense, and files that hold no features, are refused in a sentence") {
  const ArchiveFolder folder;
  write_features(folder / "x.geojsonl", 10);
  for (const auto* name : {"pipe.geojsonl", "pipe.fgb"}) {
    REQUIRE(::mkfifo((folder / name).c_str(), 0600) == 0);
    REQUIRE_THROWS_WITH(built(folder / name, folder / "o.pmtiles"), ContainsText("is a pipe"));
    std::filesystem::remove(folder / name);
  }
  REQUIRE_THROWS_WITH(built(folder / "x.geojsonl", folder / "o.pmtiles", {.min_zoom = 9, .max_zoom = 8}), ContainsText("take 0 to"));
  REQUIRE_THROWS_WITH(built(folder / "x.geojsonl", folder / "o.pmtiles", {.thin = 0.5}), ContainsText("ratio of 1 or more"));
  std::ofstream{folder / "x.gpkg"} << "not a database";
  REQUIRE_THROWS_WITH(built(folder / "x.gpkg", folder / "o.pmtiles"), ContainsText("no vector file"));
  std::ofstream{folder / "x.vrt"} << "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>";
  REQUIRE_THROWS_WITH(built(folder / "x.vrt", folder / "o.pmtiles"), ContainsText("no vector file"));
}
