#include "tests/catch.hpp"
#include "tests/ingest/movie_with.hpp"
#include "tests/ingest/vendor_writer.hpp"
#include "tests/random.hpp"

using namespace cairn;
using namespace cairn::ingest;
using namespace cairn::testing;

TEST_CASE("what a BlackVue writes is read back, on the clock of its video") {
  const auto movie = blackvue_movie({{0, drive_point(0)}, {1000, drive_point(1)}, {3500, drive_point(3)}});
  const auto found = telemetry_of(movie_of(movie));
  CHECK(found.format == "BlackVue");
  CHECK(found.telemetry.make == "BlackVue");
  CHECK(found.telemetry.model == "DR900X Plus");
  REQUIRE(found.telemetry.fixes.size() == 3);
  CHECK(found.telemetry.fixes[2].at_s == 3.5);
  for (const auto& [at_s, fix] : found.telemetry.fixes) {
    const auto written = drive_point(at_s < 3 ? static_cast<int>(at_s) : 3);
    CHECK(fix.taken_at == written.taken_at);
    CHECK(fix.place == written.place);
    CHECK(*fix.altitude_m == 20);
    CHECK(*fix.speed_mps == Approx(10).margin(0.001));
    CHECK(*fix.heading_deg == 2);
    CHECK(*fix.accuracy_m == Approx(4.5));
  }
  CHECK(start_of(found.telemetry.clock) == drive_point(0).taken_at);
}

TEST_CASE("a BlackVue that saw no satellite gives no fix, and lines of another kind are passed over") {
  const auto gps = [](const std::string& text) {
    return telemetry_of(movie_of(box("free", box("gps ", text)))).telemetry.fixes.size();
  };
  CHECK(gps("") == 0);
  CHECK(gps("[1]$GNRMC,102030.00,V,,,,,,,300426,,,N*63\n") == 0);
  CHECK(gps("[x]" + rmc(drive_point(0)) + "\n[1\n\n[2]nothing\n") == 0);
  CHECK(gps("[1]" + rmc(drive_point(0))) == 1);
}
