#include "services/gateway/http/router.hpp"

#include "services/gateway/endpoints.hpp"
#include "tests/catch.hpp"
#include "tests/random.hpp"

using namespace cairn;
using namespace cairn::gateway;

namespace {

Response nothing(Request&, Context&) { return {}; }

const Router& small_router() {
  static const Router router{{
      {Method::get, "/", nothing},
      {Method::get, "/api/things/{id}", nothing},
      {Method::get, "/api/things/me", nothing},
      {Method::post, "/api/things/{id}", nothing},
      {Method::post, "/api/things", nothing},
      {Method::get, "/tiles/{set}/{z}/{x}/{y}", nothing},
  }};
  return router;
}

std::string_view pattern_of(Method method, std::string_view path) {
  const auto found = small_router().find(method, path);
  const auto* match = std::get_if<Match>(&found);
  return match ? match->route->pattern : "none";
}

}  // namespace

TEST_CASE("a path finds its route, with or without a slash at its end") {
  REQUIRE(pattern_of(Method::get, "/") == "/");
  REQUIRE(pattern_of(Method::get, "/api/things/7") == "/api/things/{id}");
  REQUIRE(pattern_of(Method::get, "/api/things/7/") == "/api/things/{id}");
  REQUIRE(pattern_of(Method::get, "/api/things//") == "none");
  REQUIRE(pattern_of(Method::get, "/api/thing") == "none");
}

TEST_CASE("a fixed word goes before a parameter, and HEAD goes where GET goes") {
  REQUIRE(pattern_of(Method::get, "/api/things/me") == "/api/things/me");
  REQUIRE(pattern_of(Method::head, "/api/things/me") == "/api/things/me");
}

TEST_CASE("parameters are decoded") {
  const auto found = small_router().find(Method::get, "/tiles/m%61p/1/2/3.mvt");
  const auto& parameters = std::get<Match>(found).parameters;
  REQUIRE(parameters == Pairs{{"set", "map"}, {"z", "1"}, {"x", "2"}, {"y", "3.mvt"}});
}

TEST_CASE("another method is told which ones there are") {
  const auto found = small_router().find(Method::delete_, "/api/things/7");
  REQUIRE(std::get<OtherMethods>(found).allow == "GET, HEAD, POST");
}

TEST_CASE("a segment that would climb, or a broken escape, is malformed") {
  for (const char* path : {"/api/things/%2e%2e", "/api/things/..", "/api/things/%2E", "/api/things/a%2fb", "/api/things/a%5cb", "/api/things/%", "/api/things/%0", "/api/things/%00"})
    REQUIRE(std::holds_alternative<BadPath>(small_router().find(Method::get, path)));
}

TEST_CASE("every route of the table is found by its own pattern") {
  const auto routes = all_routes();
  const Router router{routes};
  for (const auto& route : routes) {
    std::string path;
    bool in_name = false;
    for (const char c : route.pattern) {
      if (c == '{') path += "1";
      in_name = c == '{' || (in_name && c != '}');
      if (!in_name && c != '}') path += c;
    }
    INFO(path);
    const auto found = router.find(route.method, path);
    REQUIRE(std::holds_alternative<Match>(found));
    REQUIRE(std::get<Match>(found).route->handler == route.handler);
    REQUIRE(std::holds_alternative<Match>(router.find(route.method, path + "/")));
  }
}

TEST_CASE("no path makes the router fail") {
  testing::Random random{testing::seed_of_run()};
  constexpr std::string_view kAlphabet = "/%2e.ap{}\\?#\x01\xFF";
  for (int round = 0; round < 5000; ++round) {
    std::string path = "/";
    for (auto length = random.whole(0, 20); length > 0; --length) path += kAlphabet[static_cast<std::size_t>(random.whole(0, static_cast<int>(kAlphabet.size()) - 1))];
    small_router().find(Method::get, path);
  }
  SUCCEED();
}
