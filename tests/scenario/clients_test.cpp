// Programs of others read what we serve and export.

#include "tests/catch.hpp"
#include "tests/scenario/instance.hpp"

#include <iostream>

using namespace cairn;
using testing::Instance;
namespace fs = std::filesystem;

TEST_CASE("GDAL, npm's pmtiles and a browser with MapLibre read the map") {
  Instance cairn;
  for (const auto& drive : testing::sample_drives()) cairn.upload({drive});
  cairn.wait_idle();
  REQUIRE(cairn.cairn({"rewards", "close", "--end", "2030-01-01T00:00:00Z"}).code == 0);

  const auto pmtiles = cairn.scratch() / "map.pmtiles";
  const auto mbtiles = cairn.scratch() / "map.mbtiles";
  for (const auto& file : {pmtiles, mbtiles}) {
    REQUIRE(cairn.cairn({"tiles", "export", file.string()}).code == 0);
    REQUIRE(testing::run_command({testing::program("cairn").string(), "tiles", "verify", file.string()}).code == 0);
  }

  const auto gdal = testing::run_command({"ogrinfo", "-ro", "-so", "-al", mbtiles.string()});
  REQUIRE(gdal.code == 0);
  REQUIRE(gdal.output.find("sequences") != std::string::npos);

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
