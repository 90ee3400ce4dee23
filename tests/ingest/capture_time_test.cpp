#include "ingest/capture_time.hpp"

#include "ingest/mapillary_tags.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/file_to_decode.hpp"

using namespace cairn;
using namespace cairn::ingest;
using cairn::testing::utc;

namespace {
const auto kLund = LatLon::from_degrees(55.7, 13.19);
}

TEST_CASE("the receiver's clock is believed before the camera's") {
  const TimeTags tags{.gps_date = "2026:04:30", .gps_second_of_day = 37'230, .local = "2026:04:30 09:00:00", .offset = "+02:00"};
  REQUIRE(capture_time_of(tags, kLund) == utc("2026-04-30T10:20:30Z"));
}

TEST_CASE("where both clocks agree, the camera's decimals count") {
  const TimeTags tags{.gps_date = "2026:04:30", .gps_second_of_day = 37'230, .local = "2026:04:30 12:20:30", .sub_seconds = "25"};
  REQUIRE(capture_time_of(tags, kLund) == utc("2026-04-30T10:20:30.25Z"));
}

TEST_CASE("a stated offset makes the camera's clock exact") {
  const TimeTags tags{.local = "2026:04:30 12:20:30", .sub_seconds = "250 ", .offset = "+02:00"};
  REQUIRE(capture_time_of(tags, LatLon::from_degrees(45, -120)) == utc("2026-04-30T10:20:30.25Z"));
}

TEST_CASE("a naive clock shows the legal time of its place, or UTC where that is unknown") {
  const TimeTags summer{.local = "2026:04:30 12:20:30", .sub_seconds = "5"}, winter{.local = "2026:01:30 12:20:30"};
  REQUIRE(capture_time_of(summer, kLund) == utc("2026-04-30T10:20:30.5Z"));
  REQUIRE(capture_time_of(winter, kLund) == utc("2026-01-30T11:20:30Z"));
  REQUIRE(capture_time_of(winter, LatLon::from_degrees(37.77, -122.42)) == utc("2026-01-30T20:20:30Z"));
  REQUIRE(capture_time_of(winter, std::nullopt) == utc("2026-01-30T12:20:30Z"));
}

TEST_CASE("texts that are no time give none") {
  for (const auto* text : {"", "0000:00:00 00:00:00", "2026:13:01 00:00:00", "yesterday at noon, more or less", "    :  :     :  :  "}) {
    REQUIRE_FALSE(capture_time_of({.local = text}, kLund));
  }
  REQUIRE_FALSE(capture_time_of({.gps_date = "2026:04:30", .gps_second_of_day = 90'000.0}, kLund));
}

TEST_CASE("Mapillary's capture time reads as UTC") {
  REQUIRE(time_from_mapillary("2018_06_08_20_24_11_000") == utc("2018-06-08T20:24:11Z"));
  REQUIRE(time_from_mapillary("2014_06_07_10_24_05_656") == utc("2014-06-07T10:24:05.656Z"));
  REQUIRE_FALSE(time_from_mapillary("2018-06-08T20:24:11Z"));
  REQUIRE_FALSE(time_from_mapillary("2018_06_08"));
}

TEST_CASE("Mapillary's tags may write numbers as texts") {
  const auto tags = mapillary_tags_of(R"({"MAPLatitude":"55.698167","MAPLongitude":13.195389,"MAPAltitude":"37.0",
      "MAPCompassHeading":{"TrueHeading":179.2,"MagneticHeading":85.9},"MAPGPSAccuracyMeters":"10.0","MAPSequenceUUID":"ABC",
      "MAPDeviceMake":"Apple","MAPDeviceModel":"iPhone4,1","MAPCaptureTime":"2014_06_07_10_24_05_656"})");
  REQUIRE(tags.place->lat_deg == 55.698167);
  REQUIRE(tags.place->lon_deg == 13.195389);
  REQUIRE(tags.altitude_m == 37);
  REQUIRE(tags.heading_deg == 179.2);
  REQUIRE(tags.accuracy_m == 10);
  REQUIRE(tags.sequence == "ABC");
  REQUIRE(tags.taken_at.has_value());
}

TEST_CASE("a description of another kind gives no tags") {
  CHECK_FALSE(mapillary_tags_of("OLYMPUS DIGITAL CAMERA").place);
  CHECK_FALSE(mapillary_tags_of(R"({"MAPLatitude":1e400,"MAPLongitude":0})").place);
  CHECK_FALSE(mapillary_tags_of(R"({"MAPLatitude":{},"MAPLongitude":[1]})").place);
  CHECK_FALSE(mapillary_tags_of(R"({"MAPLatitude":"nan","MAPLongitude":"inf"})").place);
  CHECK_FALSE(mapillary_tags_of("{\"a\":" + std::string(20'000, '[')).place);
  CHECK_FALSE(mapillary_tags_of("[1,2,3]").place);
}
