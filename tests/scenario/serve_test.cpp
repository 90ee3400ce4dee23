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

TEST_CASE("a file that can't be served, or a port that is taken, is told in a sentence") {
  TemporaryFolder folder;
  const auto file = folder.path() / "a.pmtiles";
  std::ofstream{file} << "PMTiles?";
  const auto refused = run_command({program("cairn").string(), "tiles", "serve", file.string()});
  REQUIRE(refused.code == 1);
  REQUIRE(run_command({program("cairn").string(), "tiles", "serve", file.string(), "--listen", "nowhere"}).code == 1);
}
