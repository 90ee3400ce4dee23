#include "services/settings/settings.hpp"

#include "tests/catch.hpp"
#include "tests/services/scratch.hpp"

#include <fstream>
#include <map>
#include <sstream>

using namespace cairn;
using services::Settings;

namespace {

std::filesystem::path file_with(const testing::ScratchFolder& scratch, const std::string& text) {
  const auto file = scratch.path() / "cairn.yaml";
  std::ofstream{file} << text;
  return file;
}

}  // namespace

TEST_CASE("the file that ships lists every setting with its default") {
  std::ifstream stream{CAIRN_SOURCE "/configs/cairn.yaml"};
  std::ostringstream text;
  text << stream.rdbuf();
  REQUIRE(text.str().ends_with(services::settings_as_yaml({})));
  Settings settings;
  services::read_settings_file(settings, CAIRN_SOURCE "/configs/cairn.yaml");
  REQUIRE(services::settings_as_yaml(settings) == services::settings_as_yaml({}));
}

TEST_CASE("the environment wins over the file") {
  testing::ScratchFolder scratch;
  Settings settings;
  services::read_settings_file(settings, file_with(scratch, "http:\n  port: 9000\n  listen: 0.0.0.0\n"));
  const std::map<std::string, const char*> environment{{"CAIRN_HTTP_PORT", "9001"}};
  services::read_settings_environment(settings, [&](const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? nullptr : found->second;
  });
  REQUIRE(settings.http.port == 9001);
  REQUIRE(settings.http.listen == "0.0.0.0");
}

TEST_CASE("an unknown setting and a value out of range are told with what to do") {
  testing::ScratchFolder scratch;
  Settings settings;
  REQUIRE_THROWS_WITH(services::read_settings_file(settings, file_with(scratch, "http:\n  prot: 1\n")), ContainsText("there is no setting 'http.prot'"));
  REQUIRE_THROWS_WITH(services::read_settings_file(settings, file_with(scratch, "http:\n  port: 70000\n")), ContainsText("whole number from 0 to 65535"));
}
