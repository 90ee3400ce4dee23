#include "ingest/track_lookup.hpp"

#include "ingest/telemetry/telemetry.hpp"
#include "ingest/text_clean.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/file_to_decode.hpp"

using namespace cairn;
using namespace cairn::ingest;
using cairn::testing::utc;

namespace {

UtcTime after(int seconds) { return utc("2026-04-30T10:00:00Z") + std::chrono::seconds{seconds}; }
Fix fix(int second, double lat_deg) { return {.taken_at = after(second), .place = *LatLon::from_degrees(lat_deg, 13)}; }

}  // namespace

TEST_CASE("between two fixes the way is straight") {
  auto track = Track{fix(0, 55), fix(10, 55.001)};
  track[0].heading_deg = 350;
  track[1].heading_deg = 10;
  const auto middle = fix_at(track, after(5));
  REQUIRE(middle);
  CHECK(middle->place.lat_deg() == Approx(55.0005).margin(1e-7));
  CHECK(*middle->heading_deg == Approx(0).margin(1e-9));
  CHECK(fix_at(track, after(10))->place == track[1].place);
}

TEST_CASE("a track knows nothing before, after, or in a hole") {
  const auto track = Track{fix(0, 55), fix(10, 55.001), fix(40, 55.01)};
  CHECK_FALSE(fix_at(track, after(-1)));
  CHECK_FALSE(fix_at(track, after(20)));
  CHECK_FALSE(fix_at(track, after(41)));
  CHECK_FALSE(fix_at(Track{}, after(0)));
}

TEST_CASE("standing still is no hole") {
  const auto track = Track{fix(0, 55), fix(300, 55.0001)};
  CHECK(fix_at(track, after(150)).has_value());
}

TEST_CASE("the start of a video is the median of what its receiver said") {
  CHECK_FALSE(start_of({}));
  const std::vector<ClockPair> late_fix{{0, after(-1000)}, {1, after(1)}, {2, after(2)}};
  CHECK(start_of(late_fix) == after(0));
}

TEST_CASE("a device's text is made safe") {
  CHECK(clean_text(" Maker\n\x01 ", 64) == "Maker");
  CHECK(clean_text("a\xFFz", 64) == "a?z");
  CHECK(clean_text("\xED\xA0\x80", 64) == "???");            // a lone surrogate
  CHECK(clean_text("x\xE2\x80\xAEy", 64) == "xy");           // right-to-left override
  CHECK(clean_text("\xC3\xA9\xC3\xA9", 3) == "\xC3\xA9");    // never cuts a letter
  CHECK(clean_text("\xC0\xAF\xF5", 64) == "???");
  CHECK(clean_text("\xE2\x82", 64) == "??");
}
