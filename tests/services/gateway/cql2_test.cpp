#include "services/gateway/panoramax/cql2.hpp"

#include "services/gateway/panoramax/filter_words.hpp"
#include "tests/catch.hpp"

using namespace cairn;
using namespace cairn::gateway;
using nlohmann::json;

namespace {

store::Filter filter(const std::string& text) { return std::get<store::Filter>(filter_from_text(text, item_words())); }
std::string problem_with(const std::string& text) { return std::get<std::string>(filter_from_text(text, item_words())); }
bool is_read(const std::string& text) { return std::holds_alternative<store::Filter>(filter_from_text(text, item_words())); }

}  // namespace

TEST_CASE("what a user wrote never becomes part of the SQL") {
  const auto made = filter(R"("semantics.a'; drop table frames; --" = 'x'' or 1=1')");
  REQUIRE(made.condition.find("drop") == std::string::npos);
  REQUIRE(made.condition.find("1=1") == std::string::npos);
  REQUIRE(made.texts == std::vector<std::string>{"x' or 1=1", "a'; drop table frames; --"});
}

TEST_CASE("text and JSON say the same") {
  const auto tree = json::parse(R"({"op": "and", "args": [
    {"op": "=", "args": [{"property": "semantics.osm|traffic_sign"}, "yes"]},
    {"op": "not", "args": [{"op": "isNull", "args": [{"property": "view:azimuth"}]}]}]})");
  const auto from_json = std::get<store::Filter>(filter_from_json(tree, item_words()));
  const auto from_text = filter(R"("semantics.osm|traffic_sign" = 'yes' AND "view:azimuth" IS NOT NULL)");
  REQUIRE(from_json.condition == from_text.condition);
  REQUIRE(from_json.texts == from_text.texts);
}

TEST_CASE("AND binds tighter than OR, and NOT tighter than both") {
  REQUIRE(filter("view:azimuth > 1 OR view:azimuth > 2 AND NOT view:azimuth > 3").condition ==
          "(frames.heading_deg > 1.0 or (frames.heading_deg > 2.0 and not (frames.heading_deg > 3.0)))");
}

TEST_CASE("times are compared in microseconds of UTC") {
  REQUIRE(filter("datetime >= TIMESTAMP('1970-01-01T00:00:01Z')").condition == "frames.taken_at >= 1000000");
  REQUIRE(filter("datetime < '1970-01-02'").condition == "frames.taken_at < 86400000000");
}

TEST_CASE("a filter that can't be read says why") {
  REQUIRE_THAT(problem_with("status = 'ready'"), ContainsText("'status' can't be asked about"));
  REQUIRE_THAT(problem_with("view:azimuth = 'north'"), ContainsText("a number"));
  REQUIRE_THAT(problem_with("semantics.a > 'b'"), ContainsText("by = or <>"));
  REQUIRE_THAT(problem_with("datetime > 'yesterday'"), ContainsText("a time such as"));
  REQUIRE_THAT(problem_with("semantics.a = 'b"), ContainsText("never closed"));
  REQUIRE_THAT(problem_with("semantics.a = 'b' nonsense"), ContainsText("more after"));
  REQUIRE_THAT(problem_with("semantics.a = 'b\x01'"), ContainsText("control characters"));
}

TEST_CASE("filters of any length and depth end in bounded work") {
  REQUIRE_FALSE(is_read(std::string(5000, '(')));
  std::string deep = "view:azimuth > 1";
  for (int i = 0; i < 200; ++i) deep = "NOT " + deep;
  REQUIRE_FALSE(is_read(deep));
  std::string wide = "semantics.a IN ('x'";
  for (int i = 0; i < 100; ++i) wide += ",'x'";
  REQUIRE_THAT(problem_with(wide + ")"), ContainsText("too many"));
  REQUIRE_THAT(problem_with(std::string(9000, 'a')), ContainsText("8192"));
}
