#include "tiler/bulk/build.hpp"

#include "tests/catch.hpp"
#include "tests/tiler/archive/archive_folder.hpp"
#include "tiler/archive/archive.hpp"

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <limits>
#include <thread>

using namespace cairn::tiler;
using namespace cairn::tiler::bulk;
using namespace cairn::tiler::testing;
namespace fs = std::filesystem;

namespace {

BuildSummary built_from(const fs::path& from, const fs::path& to) { return build_archive(to, open_inputs(from, ""), {.max_zoom = 8}); }

/// Points with a text each; GDAL writes what it is given.
void write_geopackage(const fs::path& file, const std::vector<std::pair<OGRPoint, std::string>>& points) {
  GDALAllRegister();
  auto* dataset = GetGDALDriverManager()->GetDriverByName("GPKG")->Create(file.c_str(), 0, 0, 0, GDT_Unknown, nullptr);
  auto* layer = dataset->CreateLayer("things", nullptr, wkbPoint);
  OGRFieldDefn name{"name", OFTString};
  REQUIRE(layer->CreateField(&name) == OGRERR_NONE);
  for (const auto& [point, text] : points) {
    OGRFeature feature{layer->GetLayerDefn()};
    feature.SetGeometry(&point);
    feature.SetField("name", text.c_str());
    REQUIRE(layer->CreateFeature(&feature) == OGRERR_NONE);
  }
  GDALClose(dataset);
}

}  // namespace

TEST_CASE("hostile attributes and geometries build a valid archive") {
  const ArchiveFolder folder;
  std::string many = R"({"type":"Feature","geometry":{"type":"Point","coordinates":[8,50]},"properties":{)";
  for (int i = 0; i < 10'000; ++i) many += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":1";
  std::string long_line = R"({"type":"Feature","geometry":{"type":"LineString","coordinates":[)";
  for (int i = 0; i < 1'000'000; ++i) long_line += (i == 0 ? "[" : ",[") + std::to_string(8 + (i % 1000) * 1e-4) + "," + std::to_string(50 + i / 1000 * 1e-4) + "]";
  std::ofstream{folder / "x.geojsonl"} << many << "}}\n" << long_line << "]}}\n"
      << R"({"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[8,50],[9,51],[9,50],[8,51],[8,50]]]}})" "\n"
      << R"({"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[8,50],[8,50],[8,50]]]}})" "\n"
      << R"({"type":"Feature","geometry":{"type":"LineString","coordinates":[[8,50],[8,50]]},"properties":{}})" "\n"
      << R"({"type":"Feature","geometry":{"type":"LineString","coordinates":[[-180,-90],[180,90]]}})" "\n";
  const auto summary = built_from(folder / "x.geojsonl", folder / "x.pmtiles");
  REQUIRE(summary.features == 6);
  REQUIRE(summary.attributes_left_out == 9000);
  REQUIRE(problems_of_archive(folder / "x.pmtiles") == std::vector<std::string>{});
}

TEST_CASE("an attribute that a feature names twice counts once") {
  const ArchiveFolder folder;
  std::ofstream{folder / "x.geojsonl"} << R"({"type":"Feature","geometry":{"type":"Point","coordinates":[8,50]},"properties":{"a":1,"b":2,"a":3}})";
  REQUIRE(built_from(folder / "x.geojsonl", folder / "x.pmtiles").attributes_left_out == 1);
  REQUIRE(problems_of_archive(folder / "x.pmtiles") == std::vector<std::string>{});
}

TEST_CASE("positions that are no numbers or infinite are left out and counted, and text that is no UTF-8 is mended") {
  const ArchiveFolder folder;
  constexpr auto kNan = std::numeric_limits<double>::quiet_NaN(), kInfinity = std::numeric_limits<double>::infinity();
  write_geopackage(folder / "x.gpkg", {{{8, 50}, "Stra\xdf" "e \xc3"}, {{kNan, 50}, "a"}, {{8, kNan}, "b"}, {{kInfinity, 50}, "c"}, {{8, -kInfinity}, "d"}, {{9, 51}, ""}});
  const auto summary = built_from(folder / "x.gpkg", folder / "x.pmtiles");
  REQUIRE(summary.features == 2);
  REQUIRE(summary.left_out[0] + summary.left_out[1] == 4);  // GDAL takes a point of two NaN for an empty one
  REQUIRE(problems_of_archive(folder / "x.pmtiles") == std::vector<std::string>{});
}

TEST_CASE("of two that build the same archive at once, one stays, whole") {
  const ArchiveFolder folder;
  std::ofstream file{folder / "x.geojsonl"};
  for (int i = 0; i < 2000; ++i) {
    file << R"({"type":"Feature","geometry":{"type":"Point","coordinates":[)" << 8 + i * 1e-3 << "," << 50 + i % 40 * 1e-3 << R"(]},"properties":{"n":)" << i << "}}\n";
  }
  file.close();
  {
    std::vector<std::jthread> publishers;
    for (int i = 0; i < 4; ++i) publishers.emplace_back([&] { built_from(folder / "x.geojsonl", folder / "x.pmtiles"); });
  }
  REQUIRE(problems_of_archive(folder / "x.pmtiles") == std::vector<std::string>{});
  REQUIRE(folder.files() == 2);
}
