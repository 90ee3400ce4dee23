// Files that depend on tracks are left for later while more tracks may come; the others are decoded at once.
#include "ingest/jpeg_outline.hpp"
#include "ingest/sidecar.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/file_to_decode.hpp"
#include "tests/ingest/make_movie.hpp"
#include "tests/ingest/make_picture.hpp"
#include "tests/ingest/vendor_writer.hpp"

using namespace cairn;
using namespace cairn::ingest;
using namespace cairn::testing;

namespace {

Bytes repeated(const Bytes& bytes, int times) {
  Bytes all;
  for (int i = 0; i < times; ++i) all.insert(all.end(), bytes.begin(), bytes.end());
  return all;
}

/// Decoded while the set is open. What waits gives nothing yet, not even a reason.
bool waits(const Bytes& bytes) {
  auto file = file_of(bytes);
  file.awaits_tracks = true;
  const auto result = decoded(file);
  if (result.report.waits) CHECK(result.captures.empty());
  return result.report.waits;
}

std::vector<std::string> one_packet() { return {gps5_packet({{557'000'000, 131'900'000, 0, 0}}, "260430102030.000")}; }

}  // namespace

TEST_CASE("a picture waits for tracks when it lacks a time or a place, and a bundle always") {
  const auto jpeg = make_jpeg();
  const auto whole = with_tags(jpeg, place_tags() + time_tags());
  CHECK_FALSE(waits(whole));
  CHECK(waits(jpeg));
  CHECK(waits(with_tags(jpeg, time_tags())));
  CHECK_FALSE(waits(repeated(whole, 2)));   // phones put a second picture behind the first
  CHECK(waits(repeated(whole, 3)));
  CHECK_FALSE(waits(make_jpeg(16, 16)));    // no track makes it larger
  const auto later = decoded(file_of(with_tags(jpeg, time_tags()))).report;
  CHECK_FALSE(later.waits);
  CHECK(later.refusal->reason == Reason::no_place);
}

TEST_CASE("a video waits for tracks when it has no way of its own, or one without a clock") {
  CHECK_FALSE(waits(make_movie({.seconds = 1, .telemetry = one_packet()})));
  CHECK(waits(make_movie({.seconds = 1, .created_at = "2026-04-30T10:20:30Z", .telemetry = {}})));
  auto no_clock = make_movie({.seconds = 1, .created_at = "2026-04-30T10:20:30Z", .telemetry = {}});
  const auto block = box("free", seventy_mai_block(drive_point(0)).substr(4));
  std::ranges::copy(bytes_of(block), std::back_inserter(no_clock));
  CHECK(waits(no_clock));
  CHECK_FALSE(waits(Bytes(100)));
}

TEST_CASE("a run of JPEGs is known by three of them") {
  const auto jpeg = make_jpeg(16, 16);
  CHECK_FALSE(is_run_of_jpegs(jpeg));
  CHECK_FALSE(is_run_of_jpegs(repeated(jpeg, 2)));
  CHECK(is_run_of_jpegs(repeated(jpeg, 3)));
  auto broken = repeated(jpeg, 3);
  broken.erase(broken.begin() + 2, broken.begin() + std::ssize(jpeg));
  CHECK_FALSE(is_run_of_jpegs(broken));
  CHECK_FALSE(is_run_of_jpegs({}));
}

TEST_CASE("the tracks of a set give the same in whatever order they came") {
  const auto movie = make_movie({.seconds = 2, .created_at = "2026-04-30T20:20:30Z", .telemetry = {}});
  TrackFile own, other;
  for (int i = 0; i < 10; ++i) own.track.push_back(drive_point(i));
  for (int i = 36'000; i < 36'010; ++i) other.track.push_back(drive_point(i));   // covers what the header says
  const auto decoded_with = [&](bool own_first) {
    auto file = file_of(movie, "MOV_1.mp4");
    if (own_first) add_sidecar(file, "MOV_1.nmea", own);
    add_sidecar(file, "other.nmea", other);
    if (!own_first) add_sidecar(file, "MOV_1.nmea", own);
    return decoded(file).captures;
  };
  const auto one = decoded_with(true), two = decoded_with(false);
  REQUIRE(one.size() == two.size());
  REQUIRE_FALSE(one.empty());
  for (std::size_t i = 0; i < one.size(); ++i) CHECK(one[i].fix.taken_at == two[i].fix.taken_at);
}
