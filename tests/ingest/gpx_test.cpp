#include "ingest/decode_file.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/file_to_decode.hpp"

using namespace cairn;
using namespace cairn::ingest;
using cairn::testing::utc;

namespace {

const UtcTime kArrival = utc("2026-05-01T12:00:00Z");

std::string point(const std::string& lat, const std::string& lon, const std::string& inside) {
  return "<trkpt lat=\"" + lat + "\" lon=\"" + lon + "\">" + inside + "</trkpt>";
}
std::string gpx(const std::string& points) {
  return "<?xml version=\"1.0\"?><gpx version=\"1.1\"><trk><trkseg>" + points + "</trkseg></trk></gpx>";
}
Track track_of(const std::string& text) { return std::get<TrackFile>(read_track(bytes_of(text), kArrival)).track; }
Refusal refusal_of(const std::string& text) { return std::get<Refusal>(read_track(bytes_of(text), kArrival)); }

}  // namespace

TEST_CASE("a track point gives time, place, height, speed and course") {
  const auto track = track_of(gpx(point("55.7", "13.19",
                                        "<ele>12.5</ele><time>2026-04-30T12:20:30.5+02:00</time><hdop>2</hdop><extensions>"
                                        "<x:TrackPointExtension xmlns:x=\"e\"><x:speed>8.25</x:speed><x:course>360</x:course>"
                                        "</x:TrackPointExtension></extensions>")));
  REQUIRE(track.size() == 1);
  CHECK(track[0].taken_at == utc("2026-04-30T10:20:30.5Z"));
  CHECK(track[0].place == *LatLon::from_degrees(55.7, 13.19));
  CHECK(track[0].altitude_m == 12.5);
  CHECK(track[0].speed_mps == 8.25);
  CHECK(track[0].heading_deg == 0);
  CHECK(track[0].accuracy_m == 6);
}

TEST_CASE("points come in the order of time, one for each instant") {
  const auto at = [](const char* time) { return std::string{"<time>2026-04-30T10:00:"} + time + "Z</time>"; };
  const auto track = track_of(gpx(point("3", "1", at("03")) + point("1", "1", at("01")) + point("2", "1", at("02")) + point("9", "9", at("02"))));
  REQUIRE(track.size() == 3);
  CHECK(track[0].place.lat_deg() == 1);
  CHECK(track[1].place.lat_deg() == 2);
  CHECK(track[2].place.lat_deg() == 3);
}

TEST_CASE("points that can't be true are left out, a track of nothing else is refused") {
  const auto good = point("1", "1", "<time>2026-04-30T10:00:00Z</time>");
  const auto null_island = point("0", "0", "<time>2026-04-30T10:00:01Z</time>");
  const auto pole = point("91", "1", "<time>2026-04-30T10:00:02Z</time>");
  const auto future = point("1", "1", "<time>2099-04-30T10:00:02Z</time>");
  const auto no_number = point("nan", "x", "<time>2026-04-30T10:00:02Z</time>");
  CHECK(track_of(gpx(null_island + pole + future + no_number + good)).size() == 1);
  CHECK(refusal_of(gpx(pole)) == Refusal{Reason::impossible_place, "latitude 91"});
  CHECK(refusal_of(gpx(null_island)).reason == Reason::impossible_place);
  CHECK(refusal_of(gpx(future)).reason == Reason::impossible_time);
  CHECK(refusal_of(gpx(point("1", "1", ""))).reason == Reason::no_time);
  CHECK(refusal_of(gpx("")).reason == Reason::no_place);
}

TEST_CASE("XML that attacks or ends early is refused") {
  const std::string bomb = "<?xml version=\"1.0\"?><!DOCTYPE gpx [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><gpx>&b;</gpx>";
  CHECK(refusal_of(bomb).detail == "a document type declaration is not allowed in a track");
  std::string deep = "<gpx>";
  for (int i = 0; i < 10'000; ++i) deep += "<a>";
  CHECK(refusal_of(deep).detail == "elements nested deeper than 32");
  const auto whole = gpx(point("1", "1", "<time>2026-04-30T10:00:00Z</time>"));
  for (std::size_t size = whole.find("<gpx") + 5; size < whole.size(); ++size) {
    REQUIRE(refusal_of(whole.substr(0, size)).reason == Reason::broken_file);
  }
  CHECK(refusal_of("<gpx>\n</trk>").detail.starts_with("line 2: "));
  CHECK(refusal_of("").reason == Reason::empty_file);
}

TEST_CASE("texts of any length are read in bounded memory") {
  const auto track = track_of(gpx(point("1", "1", "<name>" + std::string(1'000'000, 'x') + "</name><time>2026-04-30T10:00:00Z</time>") +
                                  point("1", "1", "<time>" + std::string(1'000'000, '2') + "</time>")));
  CHECK(track.size() == 1);
}

TEST_CASE("a track file gives its track and no frame") {
  const auto text = gpx(point("1", "1", "<time>2026-04-30T10:00:00Z</time>"));
  const auto result = testing::decoded(testing::file_of(bytes_of(text)));
  CHECK(result.report.kind == FileKind::track);
  CHECK(result.report.track.size() == 1);
  CHECK(result.report.frames == 0);
}
