#include "tests/catch.hpp"
#include "tests/ingest/file_to_decode.hpp"
#include "tests/ingest/gpmf_writer.hpp"
#include "tests/ingest/movie_with.hpp"
#include "tests/random.hpp"

#include <cstring>

using namespace cairn;
using namespace cairn::ingest;
using namespace cairn::testing;

namespace {

Telemetry telemetry_of(const std::string& packet, double at_s = 0, double duration_s = 1) {
  return telemetry_of(movie_with("gpmd", {{packet, at_s, duration_s}})).telemetry;
}

std::vector<RawFix> random_fixes(Random& random) {
  std::vector<RawFix> fixes(static_cast<std::size_t>(random.whole(1, 20)));
  for (auto& fix : fixes) {
    const auto place = random.place();
    fix = {place.lat_e7(), place.lon_e7(), static_cast<std::int32_t>(random.whole(-400'000, 8'000'000)),
           static_cast<std::int32_t>(random.whole(0, 60'000))};
  }
  return fixes;
}

void check_same(const Telemetry& read, const std::vector<RawFix>& written, double at_s, double duration_s) {
  REQUIRE(read.fixes.size() == written.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    const auto& [when_s, fix] = read.fixes[i];
    REQUIRE(fix.place.lat_e7() == written[i].lat_e7);
    REQUIRE(fix.place.lon_e7() == written[i].lon_e7);
    REQUIRE(*fix.altitude_m == Approx(written[i].altitude_mm / 1000.0));
    REQUIRE(*fix.speed_mps == Approx(written[i].speed_mmps / 1000.0));
    REQUIRE(*fix.accuracy_m == Approx(4.5));
    REQUIRE(when_s == Approx(at_s + duration_s * static_cast<double>(i) / static_cast<double>(written.size())));
  }
}

}  // namespace

TEST_CASE("what is written as GPS5 is read back, spread over its packet") {
  Random random{seed_of_run()};
  CAPTURE(seed_of_run());
  for (int i = 0; i < 200; ++i) {
    const auto fixes = random_fixes(random);
    const auto read = telemetry_of(gps5_packet(fixes, "260430102030.250"), 7, 1.001);
    check_same(read, fixes, 7, 1.001);
    REQUIRE(read.clock.size() == 1);
    REQUIRE(read.clock[0].utc == utc("2026-04-30T10:20:30.25Z"));
    REQUIRE(read.model == "Hero6 Black");
  }
}

TEST_CASE("what is written as GPS9 is read back, each fix with its own time") {
  Random random{seed_of_run()};
  CAPTURE(seed_of_run());
  for (int i = 0; i < 200; ++i) {
    const auto fixes = random_fixes(random);
    const auto read = telemetry_of(gps9_packet(fixes, 9616, 37'230'250, 100), 3, 1);
    check_same(read, fixes, 3, 1);
    REQUIRE(read.clock.size() == fixes.size());
    REQUIRE(read.clock[0].utc == utc("2026-04-30T10:20:30.25Z"));  // 9616 days after 2000-01-01
  }
}

TEST_CASE("fixes without lock, off the globe or at 0, 0 are left out") {
  const std::vector<RawFix> fixes{{557'000'000, 131'900'000, 0, 0}};
  CHECK(telemetry_of(gps5_packet(fixes, "260430102030.000", 0)).fixes.empty());
  CHECK(telemetry_of(gps5_packet(fixes, "260430102030.000", 0)).clock.empty());
  CHECK(telemetry_of(gps9_packet(fixes, 9616, 0, 100, 0)).fixes.empty());
  CHECK(telemetry_of(gps5_packet({{0, 0, 0, 0}, {912'000'000, 1, 0, 0}}, "260430102030.000")).fixes.empty());
  CHECK(telemetry_of(gps5_packet(fixes, "260430102030.000", 3, 5000)).fixes.empty());
  CHECK(telemetry_of(gps5_packet(fixes, "no time, no time")).clock.empty());
}

TEST_CASE("a scale of zero or a missing one gives no fix") {
  const auto samples = numbers({557'000'000, 131'900'000, 0, 0, 0}, 4);
  const auto gps5 = item("GPSF", 'L', 4, 1, numbers({3}, 4)) + item("SCAL", 'l', 4, 5, numbers({0, 1, 1, 1, 1}, 4)) +
                    item("GPS5", 'l', 20, 1, samples);
  CHECK(telemetry_of(nest("DEVC", nest("STRM", gps5))).fixes.empty());
  const auto bare = item("GPSF", 'L', 4, 1, numbers({3}, 4)) + item("GPS5", 'l', 20, 1, samples);
  CHECK(telemetry_of(nest("DEVC", nest("STRM", bare))).fixes.empty());
}

TEST_CASE("telemetry is read up to two million fixes, however many a file claims") {
  const auto packet = gps5_packet(std::vector<RawFix>(3000, {557'000'000, 131'900'000, 0, 0}), "260430102030.000");
  const auto read = telemetry_of(movie_with("gpmd", std::vector<PacketToOffer>(700, {packet, 0, 1}))).telemetry;
  CHECK(read.fixes.size() == 667 * 3000);  // the packet that passes the limit is the last
}

TEST_CASE("a packet cut anywhere reads without harm") {
  const auto packet = gps5_packet({{557'000'000, 131'900'000, 0, 0}, {557'000'100, 131'900'000, 0, 0}}, "260430102030.000");
  for (std::size_t size = 0; size < packet.size(); ++size) CHECK(telemetry_of(packet.substr(0, size)).fixes.size() <= 2);
}

TEST_CASE("a CAMM packet gives its fix, its epoch may be GPS or Unix") {
  const auto about = utc("2026-04-30T10:20:30Z");
  const auto packet_with = [](double epoch_s) {
    std::string packet(60, '\0');
    const auto put = [&](std::size_t at, auto value) { std::memcpy(packet.data() + at, &value, sizeof(value)); };
    put(2, std::uint16_t{6});
    put(4, epoch_s);
    put(12, std::int32_t{3});
    put(16, 55.7);
    put(24, 13.19);
    put(32, 12.0f);
    put(36, 4.0f);
    put(44, 3.0f);
    put(48, 4.0f);
    return packet;
  };
  const double unix_s = static_cast<double>(micros_of(about)) / 1e6;
  for (const double epoch_s : {unix_s, unix_s - 315'964'800 + 18}) {  // the GPS epoch is 1980-01-06; 18 leap seconds since
    auto movie = movie_with("camm", {{packet_with(epoch_s), 2, 0}});
    movie.about = about + std::chrono::hours{5};
    const auto telemetry = telemetry_of(movie).telemetry;
    REQUIRE(telemetry.fixes.size() == 1);
    CHECK(telemetry.fixes[0].fix.place == *LatLon::from_degrees(55.7, 13.19));
    CHECK(*telemetry.fixes[0].fix.speed_mps == Approx(5));
    CHECK(*telemetry.fixes[0].fix.accuracy_m == Approx(4));
    CHECK(telemetry.clock[0].utc == about);
  }
  for (std::size_t size = 0; size < 60; ++size) {
    CHECK(telemetry_of(movie_with("camm", {{packet_with(unix_s).substr(0, size), 0, 0}})).telemetry.fixes.empty());
  }
}
