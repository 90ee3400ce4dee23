#include "tiler/text_form.hpp"

#include "tests/catch.hpp"

#include <limits>

using namespace cairn;
using namespace cairn::tiler;

TEST_CASE("times look as PostgreSQL writes them, without zeros at the end") {
  // The first is what a Panoramax server answered.
  REQUIRE(postgres_time_text(*time_from_iso8601("2014-06-07T08:26:31.633Z")) == "2014-06-07 08:26:31.633+00");
  REQUIRE(postgres_time_text(*time_from_iso8601("2014-06-07T08:26:30Z")) == "2014-06-07 08:26:30+00");
  REQUIRE(postgres_time_text(*time_from_iso8601("2014-06-07T08:26:30.000001Z")) == "2014-06-07 08:26:30.000001+00");
}

TEST_CASE("a day is the day of UTC, also before 1970") {
  REQUIRE(date_text(day_of(*time_from_iso8601("2024-02-29T23:59:59.999999Z"))) == "2024-02-29");
  REQUIRE(date_text(day_of(*time_from_iso8601("1969-12-31T23:59:59Z"))) == "1969-12-31");
}

TEST_CASE("a heading is a whole degree below 360") {
  REQUIRE(whole_degree(359.6) == 0);
  REQUIRE(whole_degree(-1) == 359);
  REQUIRE(whole_degree(12.4) == 12);
}

TEST_CASE("what is not a number counts as nothing") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  REQUIRE(steps_of(nan, 10) == 0);
  REQUIRE(steps_of(std::numeric_limits<double>::infinity(), 10) == 0);
  REQUIRE(steps_of(-3, 10) == 0);
  REQUIRE(steps_of(1e300, 10) == 4'000'000'000u);
  REQUIRE(whole_degree(nan) == 0);
  REQUIRE(pixel_density(3264, nan, false) == 0);
}

TEST_CASE("pixel density is the picture's width over its angle, 360 degrees for a full circle") {
  REQUIRE(pixel_density(3264, 181.3, false) == 18);
  REQUIRE(pixel_density(5760, 0, true) == 16);
  REQUIRE(pixel_density(5760, 0, false) == 0);
}

TEST_CASE("bytes that are not UTF-8 are replaced, all other text stays") {
  REQUIRE(cleaned_text("Gar\xc3\xa7on \xf0\x9f\x93\xb7") == "Gar\xc3\xa7on \xf0\x9f\x93\xb7");
  REQUIRE(cleaned_text("a\xff" "b") == "a\xef\xbf\xbd" "b");
  for (const auto* bad : {"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80"}) {
    REQUIRE_FALSE(is_utf8(bad));
    REQUIRE(is_utf8(cleaned_text(bad)));
  }
}

TEST_CASE("a long text is cut between code points") {
  std::string text = "a";
  for (int i = 0; i < 200; ++i) text += "\xc3\xa7";
  REQUIRE(cleaned_text(text).size() == 255);
  REQUIRE(is_utf8(cleaned_text(text)));
}
