// Styles, icons and letters for maps. tests/clients/style.test.mjs validates them.

#include "tests/catch.hpp"
#include "tests/services/gateway/served.hpp"

#include <fstream>
#include <set>

using namespace cairn;
using namespace cairn::testing;

namespace {

struct WebFolder {
  ScratchFolder scratch;
  WebFolder() {
    for (const char* folder : {"sprites", "fonts/Noto Sans Regular"}) std::filesystem::create_directories(scratch.path() / folder);
    std::ofstream{scratch.path() / "sprites/cairn.json"} << "{}";
    for (const char* range : {"0-255", "256-511"}) std::ofstream{scratch.path() / "fonts/Noto Sans Regular" / (std::string{range} + ".pbf")} << range;
  }
  gateway::GatewayOptions options() const {
    gateway::GatewayOptions options;
    options.web = scratch.path();
    return options;
  }
};

}  // namespace

TEST_CASE("a style names icons and letters only where they are served") {
  const WebFolder page;
  const Served bare, whole{page.options()};
  for (const char* path : {"/style.json", "/style-dark.json"}) {
    const auto without = bare.client().get(path).json(), with = whole.client().get(path).json();
    REQUIRE(!without.contains("sprite"));
    REQUIRE(with["sprite"] == "http://cairn.test/sprites/cairn");
    REQUIRE(with["glyphs"] == "http://cairn.test/fonts/{fontstack}/{range}.pbf");
    const auto count = [](const auto& style) { return std::ranges::count_if(style["layers"], [](const auto& layer) { return layer["type"] == "symbol"; }); };
    REQUIRE(count(without) == 0);
    REQUIRE(count(with) == 3);
  }
}

TEST_CASE("light and dark are the same map in other colours") {
  const WebFolder page;
  const Served served{page.options()};
  auto light = served.client().get("/style.json").json(), dark = served.client().get("/style-dark.json").json();
  REQUIRE(light["layers"].size() == dark["layers"].size());
  for (std::size_t i = 0; i < light["layers"].size(); ++i) {
    REQUIRE(light["layers"][i]["id"] == dark["layers"][i]["id"]);
    REQUIRE(light["layers"][i].value("paint", nlohmann::json{}) != dark["layers"][i].value("paint", nlohmann::json{}));
  }
}

TEST_CASE("letters come from the first font of the stack that there is, and ranges without letters are empty") {
  const WebFolder page;
  const Served served{page.options()};
  const auto get = [&](const std::string& path) { return served.client().get("/fonts/" + path); };
  REQUIRE(get("Noto%20Sans%20Regular/0-255.pbf").body == "0-255");
  REQUIRE(get("Comic%20Sans,Noto%20Sans%20Regular/256-511.pbf").body == "256-511");
  const auto empty = get("Noto%20Sans%20Regular/65280-65535.pbf");
  REQUIRE(empty.status == 200);
  REQUIRE(empty.body.empty());
  REQUIRE(get("Comic%20Sans/0-255.pbf").status == 404);
  for (const char* range : {"0-256.pbf", "1-256.pbf", "65536-65791.pbf", "-256--1.pbf", "0-255", "a-b.pbf", "0-255.png"}) {
    CAPTURE(range);
    REQUIRE(get(std::string{"Noto%20Sans%20Regular/"} + range).status == 400);
  }
  REQUIRE_THAT(get("Noto%20Sans%20Regular/0-255.pbf").header("Cache-Control"), ContainsText("max-age=86400"));
}
