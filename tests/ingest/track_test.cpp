// Tracks other than GPX: NMEA, UBX, CSV, 70mai's log, FrameKM's index, BlackVue's accelerations.
#include "ingest/decode_file.hpp"
#include "ingest/sidecar.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/file_to_decode.hpp"
#include "tests/ingest/make_picture.hpp"
#include "tests/ingest/vendor_writer.hpp"
#include "tests/random.hpp"

using namespace cairn;
using namespace cairn::ingest;
using namespace cairn::testing;

namespace {

const UtcTime kArrival = utc("2026-05-01T12:00:00Z");

TrackFile track_of(const std::string& text) {
  const auto read = read_track(bytes_of(text), kArrival);
  if (const auto* refusal = std::get_if<Refusal>(&read)) FAIL(code_of(refusal->reason) << " " << refusal->detail);
  return std::get<TrackFile>(read);
}
Refusal track_refusal(const std::string& text) { return std::get<Refusal>(read_track(bytes_of(text), kArrival)); }

}  // namespace

TEST_CASE("a log of sentences gives one fix for each instant, with what each sentence adds") {
  const auto found = track_of("# a comment\r\n" + rmc(drive_point(0)) + "\r\n" + gga(drive_point(0)) + "\r\n$GPGSV,1,1,0*79\r\n" +
                              gga(drive_point(1)) + "\r\n" + rmc(drive_point(1)) + "\r\n");
  CHECK(found.format == "NMEA");
  REQUIRE(found.track.size() == 2);
  for (int i = 0; i < 2; ++i) {
    const auto& fix = found.track[static_cast<std::size_t>(i)];
    CHECK(fix.taken_at == drive_point(i).taken_at);
    CHECK(fix.place == drive_point(i).place);
    CHECK(*fix.altitude_m == 20);
    CHECK(*fix.speed_mps == Approx(10).margin(0.001));
    CHECK(*fix.accuracy_m == Approx(4.5));
  }
}

TEST_CASE("a sentence with a wrong checksum, without a fix or without a date counts for nothing") {
  auto wrong = rmc(drive_point(0));
  wrong.back() = wrong.back() == '0' ? '1' : '0';
  CHECK(track_of(rmc(drive_point(1)) + "\n" + wrong + "\n").track.size() == 1);
  CHECK(track_refusal(nmea_sentence("GPRMC,102030.00,V,5541.0,N,01311.0,E,,,300426,,,N") + "\n").reason == Reason::no_place);
  CHECK(track_refusal(gga(drive_point(0)) + "\n").detail == "no sentence of the log holds a fix with a date");
  CHECK(track_refusal(nmea_sentence("GPRMC,102030.00,A,5561.0,N,01311.0,E,,,300426,,,A") + "\n").reason == Reason::no_place);
}

TEST_CASE("where most checksums are wrong, an editor left them behind: none is believed") {
  std::string log;
  for (int i = 0; i < 5; ++i) log += rmc(drive_point(i)).substr(0, rmc(drive_point(i)).size() - 2) + "ZZ\n";
  CHECK(track_of(log + rmc(drive_point(5)) + "\n").track.size() == 6);
}

TEST_CASE("a log that runs over midnight goes on with the next day") {
  auto before = drive_point(0), after = drive_point(1);
  before.taken_at = utc("2026-04-30T23:59:59.5Z");
  after.taken_at = utc("2026-05-01T00:00:00.5Z");
  const auto track = track_of(rmc(before) + "\n" + gga(after) + "\n").track;
  REQUIRE(track.size() == 2);
  CHECK(track[1].taken_at == after.taken_at);
}

TEST_CASE("what a u-blox receiver writes is read back, between comments and broken frames") {
  Random random{seed_of_run()};
  CAPTURE(seed_of_run());
  for (int i = 0; i < 100; ++i) {
    auto fix = drive_point(i);
    fix.place = random.place();
    const auto good = ubx_pvt(fix);
    const auto found = track_of("# receiver\n" + good.substr(0, 40) + good + "\xB5\x62\x01\x02");
    CHECK(found.format == "u-blox UBX");
    REQUIRE(found.track.size() == 1);
    CHECK(found.track[0].taken_at == fix.taken_at);
    CHECK(found.track[0].place == fix.place);
    CHECK(*found.track[0].speed_mps == Approx(10));
    CHECK(*found.track[0].heading_deg == Approx(2));
    CHECK(*found.track[0].accuracy_m == Approx(1.5));
  }
  auto broken = ubx_pvt(drive_point(0));
  broken[40] ^= 1;
  CHECK(track_refusal(broken).reason == Reason::not_supported);
  CHECK(track_refusal(ubx_frame(0x0106, std::string(52, '\0'))).detail == "the u-blox log holds no NAV-PVT message: switch it on in the receiver");
}

TEST_CASE("a file of false beginnings of u-blox frames is given up soon") {
  std::string beginnings = ubx_frame(0x0106, std::string(52, '\0'));
  while (beginnings.size() < 8'000'000) beginnings += "\xB5\x62\x01\x07\xFF\xFF";  // each says that 64 kB follow: minutes of sums
  CHECK(track_refusal(beginnings).reason == Reason::no_place);
}

TEST_CASE("a table is read by the names of its columns, in any order and with any separator") {
  const auto comma = track_of("Id,Time,Latitude,Longitude,Altitude (m),Speed (km/h),Heading\n1,2026-04-30T10:20:30Z,55.7,13.19,20,36,90\n");
  CHECK(comma.format == "CSV");
  REQUIRE(comma.track.size() == 1);
  CHECK(comma.track[0].place == *LatLon::from_degrees(55.7, 13.19));
  CHECK(*comma.track[0].altitude_m == 20);
  CHECK(*comma.track[0].speed_mps == Approx(10));
  CHECK(*comma.track[0].heading_deg == 90);
  const auto at = utc("2026-04-30T10:20:30Z");
  CHECK(track_of("\"lon\";\"lat\";\"timestamp\"\r\n\"13.19\";\"55.7\";\"1777544430\"\r\n").track[0].taken_at == at);
  CHECK(track_of("lat\tlng\tepoch_ms\n55.7\t13.19\t1777544430000\n").track[0].taken_at == at);
  CHECK(track_of("date,time,lat,lon\n2026-04-30,10:20:30,55.7,13.19\n").track[0].taken_at == at);
  CHECK_FALSE(track_of("time,lat,lon,speed\n2026-04-30 10:20:30,55.7,13.19,10\n").track[0].speed_mps);
}

TEST_CASE("a table without times that say a date is refused, one without places is no track") {
  CHECK(track_refusal("Time(seconds),Latitude,Longitude\n0.3,-44.69,170.42\n").reason == Reason::no_time);
  CHECK(track_refusal("lat,lon\n").reason == Reason::no_place);
  CHECK(track_refusal("name,model\na,b\n").reason == Reason::not_supported);
}

TEST_CASE("a 70mai log gives its way, and when each of its videos began") {
  const auto found = track_of("$V02\n1777544430,A,55.7,13.19,9000,1000,0,1,2,NO1F.MP4,0,0,0\n1777544431,V,0,0,0,0,0,1,2,NO1F.MP4,0,0,0\n"
                              "short,A\n$V02\n1777544432,V,0,0,0,0,0,1,2,NO2F.MP4,0,0,0\n1777544433,A,55.7001,13.19,0,0,0,1,2,NO2F.MP4,0,0,0\n");
  CHECK(found.format == "70mai log");
  REQUIRE(found.track.size() == 2);
  CHECK(*found.track[0].heading_deg == 90);
  CHECK(*found.track[0].speed_mps == 10);
  REQUIRE(found.videos.size() == 2);
  CHECK(found.videos[1].video == "NO2F.MP4");
  CHECK(found.videos[1].at == utc("2026-04-30T10:20:32Z"));
}

TEST_CASE("a 70mai log whose clock is 8 hours behind what its videos' names say at the place is set right") {
  const auto log = [](const std::string& seconds) { return "$V02\n" + seconds + ",A,50.1,9.2,0,55,100,-5,-12,NO20260430-195504-000000F.MP4,0,0,0\n"; };
  const auto right = utc("2026-04-30T17:55:14Z");   // summer time of Germany: 2 hours
  CHECK(track_of(log("1777542914")).track[0].taken_at == right);   // 09:55:14 UTC
  CHECK(track_of(log("1777542914")).videos[0].at == right);
  CHECK(track_of(log("1777571714")).track[0].taken_at == right);
  CHECK(track_of(log("1777560000")).track[0].taken_at == utc("2026-04-30T14:40:00Z"));   // neither: believed
}

TEST_CASE("accelerations alone are refused with a word about what to send") {
  std::string records;
  for (int i = 0; i < 20; ++i) records += numbers({i * 100}, 4) + numbers({100, -20, 3}, 2);
  CHECK(track_refusal(records).detail == "a .3gf file holds accelerations only: send the .gps file that lies beside it");
}

TEST_CASE("a bundle of pictures gives its frames with what its index says") {
  const auto jpeg = make_jpeg(480, 360);
  Bytes bundle;
  std::string frames;
  for (int i = 0; i < 3; ++i) {
    bundle.insert(bundle.end(), jpeg.begin(), jpeg.end());
    frames += (i ? "," : "") + framekm_frame(jpeg.size(), drive_point(i));
  }
  const auto index = framekm_index("km_1", frames);
  auto file = file_of(bundle, "km_1.bin");
  add_sidecar(file, "km_1.json", track_of(index));
  const auto result = decoded(file);
  if (result.report.refusal) FAIL(result.report.refusal->detail);
  REQUIRE(result.report.frames == 3);
  CHECK(result.report.format == "FrameKM");
  for (int i = 0; i < 3; ++i) {
    const auto& capture = result.captures[static_cast<std::size_t>(i)];
    CHECK(capture.fix.taken_at == drive_point(i).taken_at);
    CHECK(capture.fix.place == drive_point(i).place);
    CHECK(*capture.fix.speed_mps == Approx(10));
    CHECK(*capture.fix.accuracy_m == Approx(7.5));
    CHECK(capture.camera.model == "hdc");
    CHECK(capture.id == frame_id_of(file.account, file.content, i));
    CHECK(result.jpegs[static_cast<std::size_t>(i)] == jpeg);
  }
  file.bytes = file.bytes.first(bundle.size() - 1);
  CHECK(decoded(file).report.refusal->reason == Reason::broken_file);
}

TEST_CASE("an index that is no index is refused") {
  CHECK(track_refusal(R"({"bundle":{"numFrames":1},"frames":[)").reason == Reason::broken_file);
  CHECK(track_refusal(R"({"bundle":{"numFrames":1},"frames":{}})").reason == Reason::broken_file);
  CHECK(track_refusal(R"({"bundle":{"numFrames":1},"frames":[{"bytes":-1},7]})").reason == Reason::no_time);
  CHECK(track_refusal(R"({"bundle":{"numFrames":1},"x":)" + std::string(10'000, '[')).reason == Reason::broken_file);
}
