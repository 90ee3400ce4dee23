// `cairn tiles serve` as a process, with archives of others, read by programs of others.

#include "tests/catch.hpp"
#include "tests/scenario/instance.hpp"
#include "tests/services/gateway/http_client.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iostream>

using namespace cairn;
using namespace cairn::testing;
namespace fs = std::filesystem;

namespace {

constexpr const char* kServedPlaces = R"({"type":"FeatureCollection","features":[
{"type":"Feature","geometry":{"type":"Point","coordinates":[13.19,55.70]},"properties":{"name":"Lund"}},
{"type":"Feature","geometry":{"type":"Point","coordinates":[13.00,55.60]},"properties":{"name":"Malmö"}},
{"type":"Feature","geometry":{"type":"LineString","coordinates":[[13.19,55.70],[13.00,55.60]]},"properties":{"name":"road"}}]})";

/// The command with its standard output, of which the first line says where it listens.
class ServeProcess {
 public:
  explicit ServeProcess(const std::vector<std::string>& files) {
    int out[2];
    if (::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
    std::vector<std::string> words{program("cairn").string(), "tiles", "serve", "--listen", "127.0.0.1:0", "--log-level", "warn"};
    words.insert(words.end(), files.begin(), files.end());
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(out[1], STDOUT_FILENO);
      ::execv(arguments[0], arguments.data());
      ::_exit(127);
    }
    ::close(out[1]);
    for (char c = 0; ::read(out[0], &c, 1) == 1 && c != '\n';) line_ += c;
    ::close(out[0]);
  }
  ~ServeProcess() {
    if (pid_ > 0) stop();
  }
  ServeProcess(const ServeProcess&) = delete;

  std::string url() const { return line_.substr(line_.find("http")); }
  HttpClient client() const { return HttpClient{static_cast<std::uint16_t>(std::stoi(line_.substr(line_.rfind(':') + 1)))}; }
  /// SIGTERM; gives the exit code.
  int stop() {
    int status = 0;
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  }

 private:
  pid_t pid_ = -1;
  std::string line_;
};

void build(const fs::path& input, const fs::path& output) {
  REQUIRE(run_command({program("cairn").string(), "tiles", "build", input.string(), "-o", output.string(), "--max-zoom", "10"}).code == 0);
}

}  // namespace

TEST_CASE("archives are served by a process alone, to GDAL and to npm's pmtiles, which reads by ranges") {
  TemporaryFolder folder;
  const auto input = folder.path() / "places.geojson";
  std::ofstream{input} << kServedPlaces;
  for (const auto* name : {"places.pmtiles", "towns.mbtiles"}) build(input, folder.path() / name);
  ServeProcess served{{(folder.path() / "places.pmtiles").string(), (folder.path() / "towns.mbtiles").string()}};

  for (const std::string name : {"places", "towns"}) {
    const auto described = served.client().get("/tiles/" + name + ".json").json();
    REQUIRE(described["maxzoom"] == 10);
    REQUIRE(served.client().get("/tiles/" + name + "/0/0/0.mvt", "Accept-Encoding: gzip\r\n").header("Content-Encoding") == "gzip");
    const auto tile = folder.path() / (name + ".mvt");
    std::ofstream{tile, std::ios::binary} << served.client().get("/tiles/" + name + "/0/0/0.pbf").body;
    const auto gdal = run_command({"ogrinfo", "-ro", "-al", tile.string()});
    CAPTURE(gdal.output);
    REQUIRE(gdal.code == 0);
    REQUIRE(gdal.output.find("Malmö") != std::string::npos);
  }
  const auto by_address = run_command({"ogrinfo", "-ro", "-so", "-al", "MVT:" + served.url() + "/tiles/towns/8"});
  REQUIRE(by_address.code == 0);

  const auto source = fs::path{CAIRN_SOURCE};
  const auto npm = run_command({(source / "scripts" / "with-node").string(), "node", "--test", (source / "tests" / "clients" / "served_archive.test.mjs").string()}, {{"CAIRN_ARCHIVE_URL", served.url() + "/tiles/places.pmtiles"}});
  CAPTURE(npm.output);
  REQUIRE(npm.code == 0);
  REQUIRE(served.stop() == 0);
}

TEST_CASE("a cloud-optimized GeoTIFF becomes an archive that is valid, served and read by GDAL with the same colours") {
  TemporaryFolder folder;
  const auto path = [&folder](const char* name) { return (folder.path() / name).string(); };
  const auto cairn = program("cairn").string();
  REQUIRE(run_command({"gdal_create", "-outsize", "600", "400", "-bands", "3", "-burn", "200", "-burn", "100", "-burn", "50", "-a_srs", "EPSG:4326", "-a_ullr", "13", "56", "13.6", "55.6", path("plain.tif")}).code == 0);
  REQUIRE(run_command({"gdal_translate", "-of", "COG", path("plain.tif"), path("ground.tif")}).code == 0);
  for (const auto* archive : {"ground.pmtiles", "ground.mbtiles"}) {
    REQUIRE(run_command({cairn, "tiles", "raster", path("ground.tif"), "-o", path(archive), "--format", "png"}).code == 0);
    REQUIRE(run_command({cairn, "tiles", "verify", path(archive)}).code == 0);
  }
  const auto seen = run_command({"gdallocationinfo", "-valonly", "-wgs84", path("ground.mbtiles"), "13.3", "55.8"});
  CAPTURE(seen.output);
  REQUIRE(seen.output == "200\n100\n50\n255\n");

  ServeProcess served{{path("ground.pmtiles")}};
  const auto described = served.client().get("/tiles/ground.json").json();
  REQUIRE_FALSE(described.contains("vector_layers"));
  REQUIRE(described["tiles"][0].get<std::string>().ends_with("/tiles/ground/{z}/{x}/{y}.png"));
  const auto tile = served.client().get("/tiles/ground/0/0/0.png");
  REQUIRE(tile.status == 200);
  REQUIRE(tile.header("Content-Type") == "image/png");
  REQUIRE(tile.body.substr(1, 3) == "PNG");
  REQUIRE(served.stop() == 0);

  std::ofstream{path("other.vrt")} << "<VRTDataset/>";
  const auto refused = run_command({cairn, "tiles", "raster", path("other.vrt"), "-o", path("other.pmtiles")});
  REQUIRE(refused.code == 1);
  REQUIRE_FALSE(fs::exists(path("other.pmtiles")));
}

TEST_CASE("a file that can't be served, or a port that is taken, is told in a sentence") {
  TemporaryFolder folder;
  const auto file = folder.path() / "a.pmtiles";
  std::ofstream{file} << "PMTiles?";
  const auto refused = run_command({program("cairn").string(), "tiles", "serve", file.string()});
  REQUIRE(refused.code == 1);
  REQUIRE(run_command({program("cairn").string(), "tiles", "serve", file.string(), "--listen", "nowhere"}).code == 1);
}
