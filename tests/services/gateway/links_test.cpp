#include "services/gateway/links.hpp"

#include "tests/catch.hpp"

using namespace cairn;
using namespace cairn::gateway;

TEST_CASE("STAC times carry their offset") {
  REQUIRE(stac_time(*time_from_iso8601("2026-05-01T12:30:00.25Z")) == "2026-05-01T12:30:00.250000+00:00");
}

TEST_CASE("a box has four or six numbers on the globe, in order") {
  REQUIRE(box_from("1,2,3,4") == std::vector<double>{1, 2, 3, 4});
  REQUIRE(box_from("1,2,-5,3,4,99") == std::vector<double>{1, 2, 3, 4});
  for (const char* bad : {"", "1,2", "1,2,3,4,5", "3,2,1,4", "1,4,3,2", "1,2,3,91", "1,2,181,4", "1,2,3,nan", "1,2,3,x", "1,2,3,4,"})
    REQUIRE_FALSE(box_from(bad));
}

TEST_CASE("a time span is an instant or an interval, open at one end at most") {
  const auto may = time_from_iso8601("2026-05-01T00:00:00Z");
  REQUIRE(time_span_from("2026-05-01T00:00:00Z")->after == may);
  REQUIRE(time_span_from("2026-05-01T00:00:00Z/..")->after == may);
  REQUIRE_FALSE(time_span_from("2026-05-01T00:00:00Z/..")->before);
  REQUIRE(time_span_from("/2026-05-01T00:00:00Z")->before == may);
  REQUIRE(time_span_from("2026-05-01T02:00:00+02:00/")->after == may);
  for (const char* bad : {"", "/", "../..", "2026-05-01", "2026-05-01 00:00:00Z", "2026-05-01T00:00:00", "x", "2026-05-02T00:00:00Z/2026-05-01T00:00:00Z"})
    REQUIRE_FALSE(time_span_from(bad));
}

TEST_CASE("a limit is clamped, and refused when it is no whole number above 0") {
  REQUIRE(limit_from(std::nullopt, 10, 100) == 10);
  REQUIRE(limit_from("7", 10, 100) == 7);
  REQUIRE(limit_from("100000", 10, 100) == 100);
  for (const char* bad : {"0", "-1", "1.5", "", "x", "1e3"}) REQUIRE_FALSE(limit_from(bad, 10, 100));
}

TEST_CASE("JSON of clients is refused when it is broken, nested too deep or has doubled keys") {
  REQUIRE(json_from_client(R"({"a":[1,{"b":2}]})")->at("a")[1]["b"] == 2);
  REQUIRE_FALSE(json_from_client("{"));
  REQUIRE_FALSE(json_from_client(R"({"a":1,"a":2})"));
  REQUIRE(json_from_client(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})"));
  REQUIRE_FALSE(json_from_client(std::string(10'000, '[') + std::string(10'000, ']')));
  REQUIRE_FALSE(json_from_client("{\"a\":1e400}"));
  REQUIRE_FALSE(json_from_client("\"\xFF\""));
}
