#include "core/time.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"

using namespace cairn;

TEST_CASE("a time written as ISO 8601 reads back as itself") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  testing::Random random{seed};
  for (int i = 0; i < 1000; ++i) {
    const auto time = time_from_micros(random.whole(0, 4'000'000'000'000'000));
    REQUIRE(time_from_iso8601(to_iso8601(time)) == time);
  }
}

TEST_CASE("the forms that devices write are read") {
  const auto noon = time_from_iso8601("2026-05-01T12:00:00Z");
  REQUIRE(noon);
  REQUIRE(micros_of(*noon) == 1'777'636'800'000'000);  // date -u -d 2026-05-01T12:00Z +%s
  for (const auto* text : {"2026-05-01 12:00:00", "2026-05-01T14:00:00+02:00", "2026-05-01T14:00:00+0200",
                           "2026-05-01T14:00:00.000+02", "2026-05-01T12:00Z", "2026-05-01t12:00:00,0z"}) {
    CAPTURE(text);
    REQUIRE(time_from_iso8601(text) == noon);
  }
}

TEST_CASE("a date that does not exist is no time") {
  for (const auto* text : {"2026-02-30T12:00:00Z", "2026-13-01T12:00:00Z", "2026-05-01T25:00:00Z", "2026-05-01",
                           "2026-05-01T12:00:00Zx", "yesterday", "", "2026-05-01T12:00:00+99:00"}) {
    CAPTURE(text);
    REQUIRE_FALSE(time_from_iso8601(text));
  }
}
