#include "ingest/time_zone.hpp"

#include "ingest/time_zone_table.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/file_to_decode.hpp"
#include "tests/random.hpp"

using namespace cairn;
using namespace cairn::ingest;
using cairn::testing::Random;
using cairn::testing::seed_of_run;
using cairn::testing::utc;

namespace {

LatLon at(double lat_deg, double lon_deg) { return *LatLon::from_degrees(lat_deg, lon_deg); }
const LatLon kLund = at(55.7, 13.19);

}  // namespace

TEST_CASE("a wall clock is read by the law of its place") {
  struct Known {
    const char* city;
    LatLon place;
    const char *wall_clock, *utc;
  };
  // The right column: GNU date with TZ set to the city's zone, tzdata 2025b.
  const std::vector<Known> known{
      {"Berlin", at(52.52, 13.40), "2026-07-01T12:00:00Z", "2026-07-01T10:00:00Z"},
      {"Berlin", at(52.52, 13.40), "2026-01-01T12:00:00Z", "2026-01-01T11:00:00Z"},
      {"Madrid", at(40.42, -3.70), "2026-07-01T12:00:00Z", "2026-07-01T10:00:00Z"},
      {"London", at(51.51, -0.13), "2026-07-01T12:00:00Z", "2026-07-01T11:00:00Z"},
      {"San Francisco", at(37.77, -122.42), "2025-12-24T18:30:00Z", "2025-12-25T02:30:00Z"},
      {"Phoenix", at(33.45, -112.07), "2026-07-01T12:00:00Z", "2026-07-01T19:00:00Z"},
      {"Delhi", at(28.61, 77.21), "2026-07-01T12:00:00Z", "2026-07-01T06:30:00Z"},
      {"Kathmandu", at(27.72, 85.32), "2026-07-01T12:00:00Z", "2026-07-01T06:15:00Z"},
      {"Shanghai", at(31.23, 121.47), "2026-07-01T12:00:00Z", "2026-07-01T04:00:00Z"},
      {"Adelaide", at(-34.93, 138.60), "2026-01-01T12:00:00Z", "2026-01-01T01:30:00Z"},
      {"Auckland", at(-36.85, 174.76), "2026-01-01T12:00:00Z", "2025-12-31T23:00:00Z"},
      {"Apia, which has skipped 30 December 2011", at(-13.83, -171.76), "2011-12-29T12:00:00Z", "2011-12-29T22:00:00Z"},
      {"Apia", at(-13.83, -171.76), "2011-12-31T12:00:00Z", "2011-12-30T22:00:00Z"},
      {"Moscow, before it left summer time for good", at(55.76, 37.62), "2012-01-01T12:00:00Z", "2012-01-01T08:00:00Z"},
      {"Moscow", at(55.76, 37.62), "2026-01-01T12:00:00Z", "2026-01-01T09:00:00Z"},
      {"Mexico City, before it gave summer time up", at(19.43, -99.13), "2021-07-01T12:00:00Z", "2021-07-01T17:00:00Z"},
      {"Mexico City", at(19.43, -99.13), "2026-07-01T12:00:00Z", "2026-07-01T18:00:00Z"},
      {"the Atlantic", at(30.0, -45.0), "2026-07-01T12:00:00Z", "2026-07-01T15:00:00Z"}};
  for (const auto& one : known) {
    CAPTURE(one.city, one.wall_clock);
    CHECK(to_iso8601(utc_of_wall_clock(one.place, utc(one.wall_clock))) == to_iso8601(utc(one.utc)));
  }
}

TEST_CASE("an hour that comes twice is taken as the first, one that is left out by the clock before") {
  CHECK(utc_of_wall_clock(kLund, utc("2025-10-26T02:30:00Z")) == utc("2025-10-26T00:30:00Z"));
  CHECK(utc_of_wall_clock(kLund, utc("2025-10-26T03:00:00Z")) == utc("2025-10-26T02:00:00Z"));
  CHECK(utc_of_wall_clock(kLund, utc("2026-03-29T01:59:59Z")) == utc("2026-03-29T00:59:59Z"));
  CHECK(utc_of_wall_clock(kLund, utc("2026-03-29T02:30:00Z")) == utc("2026-03-29T01:30:00Z"));
  CHECK(utc_of_wall_clock(kLund, utc("2026-03-29T03:00:00Z")) == utc("2026-03-29T01:00:00Z"));
}

TEST_CASE("the corners of the globe have a clock too") {
  for (const double lat_deg : {-90.0, 90.0}) {
    for (const double lon_deg : {-180.0, 180.0})
      CHECK(std::chrono::abs(clock_ahead_of_utc(at(lat_deg, lon_deg), utc("2026-01-01T00:00:00Z"))) <=
            std::chrono::hours{14});
  }
}

TEST_CASE("any instant comes back from the wall clock that shows it, or the first of two does") {
  const auto seed = seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  for (int i = 0; i < 20'000; ++i) {
    const auto place = *LatLon::from_e7(static_cast<std::int32_t>(random.whole(-900'000'000, 900'000'000)),
                                        static_cast<std::int32_t>(random.whole(-1'800'000'000, 1'800'000'000)));
    const auto instant = utc("2000-01-01T00:00:00Z") + std::chrono::minutes{random.whole(0, 41 * 365 * 24 * 60)};
    const auto wall_clock = instant + clock_ahead_of_utc(place, instant);
    const auto back = utc_of_wall_clock(place, wall_clock);
    CAPTURE(place.lat_deg(), place.lon_deg(), to_iso8601(instant), to_iso8601(back));
    REQUIRE(back <= instant);
    REQUIRE(instant - back <= std::chrono::hours{24});
    REQUIRE(back + clock_ahead_of_utc(place, back) == wall_clock);
  }
}

TEST_CASE("the table is whole: every square leads to a clock, every clock has changes in the order of time") {
  const auto clocks = kFirstClockChange.size() - 1;
  for (const auto entry : kZoneSquares) {
    if (entry >= 0x8000) {
      REQUIRE(entry - 0x8000u < clocks);
    } else {
      REQUIRE(entry * 4u + 3 < kZoneSquares.size());
    }
  }
  REQUIRE(kFirstClockChange.back() == kClockChanges.size());
  for (std::size_t clock = 0; clock < clocks; ++clock) {
    REQUIRE(kFirstClockChange[clock] < kFirstClockChange[clock + 1]);
    for (std::size_t i = kFirstClockChange[clock]; i + 1 < kFirstClockChange[clock + 1]; ++i) {
      REQUIRE(kClockChanges[i].from_min < kClockChanges[i + 1].from_min);
    }
  }
}
