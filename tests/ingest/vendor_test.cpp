// 70mai, Garmin, and NMEA in a stream; that each camera's files are known by one format only.
#include "tests/catch.hpp"
#include "tests/ingest/movie_with.hpp"
#include "tests/ingest/vendor_writer.hpp"
#include "tests/random.hpp"

using namespace cairn;
using namespace cairn::ingest;
using namespace cairn::testing;

namespace {

Fix fix_anywhere(Random& random) {
  auto fix = drive_point(0);
  fix.place = random.place();
  return fix;
}

void check_place_near(LatLon read, LatLon written, double margin_deg) {
  CHECK(read.lat_deg() == Approx(written.lat_deg()).margin(margin_deg));
  CHECK(read.lon_deg() == Approx(written.lon_deg()).margin(margin_deg));
}

}  // namespace

TEST_CASE("what a 70mai writes into its video is read back, in every quarter of the globe") {
  Random random{seed_of_run()};
  CAPTURE(seed_of_run());
  for (int i = 0; i < 100; ++i) {
    const auto fix = fix_anywhere(random);
    const auto found = telemetry_of(movie_of(free_gps_movie_with_table({seventy_mai_block(fix, false), seventy_mai_block(fix)})));
    REQUIRE(found.format == "70mai");
    REQUIRE(found.telemetry.fixes.size() == 1);
    CHECK(found.telemetry.clock.empty());
    CHECK(found.telemetry.fixes[0].at_s == 1);
    check_place_near(found.telemetry.fixes[0].fix.place, fix.place, 3e-7);
    CHECK(*found.telemetry.fixes[0].fix.speed_mps == Approx(10));
    CHECK(*found.telemetry.fixes[0].fix.heading_deg == 2);
  }
}

TEST_CASE("what a Garmin writes is read back in either byte order, after a length or not") {
  Random random{seed_of_run()};
  CAPTURE(seed_of_run());
  for (int i = 0; i < 100; ++i) {
    const auto fix = fix_anywhere(random);
    for (const bool big : {true, false}) {
      const auto record = garmin_record(fix, big);
      const auto with_length = numbers({20}, 2) + record;
      for (const auto& packet : {record, with_length, std::string(2, '\0') + with_length}) {
        const auto found = telemetry_of(movie_with("text", {{packet, 3, 1}}));
        REQUIRE(found.format == "Garmin");
        REQUIRE(found.telemetry.fixes.size() == 1);
        CHECK(found.telemetry.fixes[0].at_s == 3);
        check_place_near(found.telemetry.fixes[0].fix.place, fix.place, 1.5e-7);
        CHECK_FALSE(found.telemetry.fixes[0].fix.speed_mps);
      }
    }
  }
}

TEST_CASE("sentences in a text stream are read, Thinkware's too, which lack their dollar sign") {
  const auto thinkware = [](const std::string& sentence) {
    const auto text = "gsensori,4,512,-123,028,-06;" + (sentence.empty() ? "" : sentence.substr(1) + "\n;") + "CAR,0,0,0,0.0,0,0";
    return numbers({static_cast<std::int64_t>(text.size())}, 2) + text;
  };
  const auto found = telemetry_of(movie_with("tx3g", {{thinkware(""), 0, 1}, {thinkware(rmc(drive_point(1))), 1, 1}, {thinkware(rmc(drive_point(2))), 2, 1}}));
  CHECK(found.format == "NMEA stream");
  CHECK(found.telemetry.make == "Thinkware");
  REQUIRE(found.telemetry.fixes.size() == 2);
  CHECK(found.telemetry.fixes[0].fix.place == drive_point(1).place);
  CHECK(start_of(found.telemetry.clock) == drive_point(0).taken_at);
  const auto plain = telemetry_of(movie_with("text", {{rmc(drive_point(0)) + "\r\n" + gga(drive_point(0)) + "\r\n", 0, 1}}));
  REQUIRE(plain.telemetry.fixes.size() == 1);
  CHECK(*plain.telemetry.fixes[0].fix.altitude_m == 20);
}

TEST_CASE("subtitles of another kind are no telemetry") {
  CHECK(telemetry_of(movie_with("tx3g", {{"Hello there", 0, 1}})).format.empty());
  CHECK(telemetry_of(movie_with("text", {{"", 0, 1}})).format.empty());
  CHECK(telemetry_of(movie_with("mp4s", {{rmc(drive_point(0)), 0, 1}})).format.empty());
}

TEST_CASE("a file is known by one format only") {
  const auto known = [](const MovieParts& movie) {
    int count = 0;
    for (const auto* format : movie_formats()) count += format->recognises(movie) && !format->read(movie).fixes.empty();
    return count;
  };
  CHECK(known(movie_of(blackvue_movie({{0, drive_point(0)}}))) == 1);
  CHECK(known(movie_of(free_gps_movie({novatek_block(drive_point(0))}))) == 1);
  CHECK(known(movie_of(free_gps_movie({vantrue_block(drive_point(0))}))) == 1);
  CHECK(known(movie_of(free_gps_movie({seventy_mai_block(drive_point(0))}))) == 1);
  CHECK(known(movie_with("text", {{garmin_record(drive_point(0), true), 0, 1}})) == 1);
}
