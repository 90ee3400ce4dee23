#include "tests/catch.hpp"
#include "tests/ingest/movie_with.hpp"
#include "tests/ingest/vendor_writer.hpp"
#include "tests/random.hpp"

using namespace cairn;
using namespace cairn::ingest;
using namespace cairn::testing;

namespace {

/// A 32-bit float of degrees * 100 + minutes is this coarse, in degrees.
constexpr double kFloat_deg = 0.001 / 60;

Fix random_fix(Random& random) {
  auto fix = drive_point(static_cast<int>(random.whole(0, 1'000'000)));
  fix.place = random.place();
  fix.speed_mps = random.between(0, 60);
  fix.heading_deg = random.between(0, 359);
  return fix;
}

void check_near(const VideoFix& read, const Fix& written) {
  CHECK(read.fix.place.lat_deg() == Approx(written.place.lat_deg()).margin(kFloat_deg));
  CHECK(read.fix.place.lon_deg() == Approx(written.place.lon_deg()).margin(kFloat_deg));
  CHECK(*read.fix.speed_mps == Approx(*written.speed_mps).epsilon(1e-5));
  CHECK(*read.fix.heading_deg == Approx(*written.heading_deg).epsilon(1e-5));
}

}  // namespace

TEST_CASE("what cameras with Novatek chips write is read back in any layout, as boxes or by the table") {
  Random random{seed_of_run()};
  CAPTURE(seed_of_run());
  for (int i = 0; i < 100; ++i) {
    const std::vector<Fix> written{random_fix(random), random_fix(random), random_fix(random)};
    const std::vector<std::string> blocks{novatek_block(written[0]), viofo_block(written[1]), numbers_block(16, written[2])};
    for (const auto& movie : {free_gps_movie(blocks), free_gps_movie_with_table(blocks)}) {
      const auto found = telemetry_of(movie_of(movie));
      REQUIRE(found.format == "Novatek");
      REQUIRE(found.telemetry.fixes.size() == 3);
      REQUIRE(found.telemetry.clock.size() == 3);
      for (std::size_t k = 0; k < 3; ++k) {
        check_near(found.telemetry.fixes[k], written[k]);
        CHECK(found.telemetry.clock[k].utc == written[k].taken_at);
      }
    }
  }
}

TEST_CASE("blocks without satellites keep the time of those that follow") {
  auto movie = movie_of(free_gps_movie({novatek_block(drive_point(0), false), novatek_block(drive_point(1), false), novatek_block(drive_point(2))}));
  auto telemetry = telemetry_of(movie).telemetry;
  REQUIRE(telemetry.fixes.size() == 1);
  CHECK(telemetry.fixes[0].at_s == 2);
  CHECK(start_of(telemetry.clock) == drive_point(0).taken_at);
  movie.duration_s = 6;
  CHECK(telemetry_of(movie).telemetry.fixes[0].at_s == 4);
}

TEST_CASE("a block with a sentence instead of numbers is read") {
  const auto found = telemetry_of(movie_of(free_gps_movie({vantrue_block(drive_point(0)), vantrue_block(drive_point(1))})));
  REQUIRE(found.telemetry.fixes.size() == 2);
  CHECK(found.telemetry.fixes[1].at_s == 1);
  CHECK(found.telemetry.fixes[1].fix.place == drive_point(1).place);
}

TEST_CASE("numbers that can't be true give no fix") {
  auto minutes = novatek_block(drive_point(0));
  put(minutes, 72, 5575.0f);
  auto not_a_number = novatek_block(drive_point(0));
  put(not_a_number, 76, std::nanf(""));
  auto null_island = novatek_block(drive_point(0));
  put(null_island, 72, 0.0f);
  put(null_island, 76, 0.0f);
  CHECK(telemetry_of(movie_of(free_gps_movie({minutes, not_a_number, null_island}))).telemetry.fixes.empty());
  auto no_date = novatek_block(drive_point(0));
  put(no_date, 60, std::uint32_t{13});
  const auto dateless = telemetry_of(movie_of(free_gps_movie({no_date}))).telemetry;
  CHECK(dateless.fixes.size() == 1);
  CHECK(dateless.clock.empty());
}

TEST_CASE("a table that points outside the file is passed over") {
  const auto table = numbers({0x101, 3, 4'000'000'000, 64, 0, 4'000'000'000, 8, 3}, 4);
  CHECK(telemetry_of(movie_of(box("moov", box("gps ", table)))).telemetry.fixes.empty());
}
