#include "tests/catch.hpp"
#include "tests/ingest/file_to_decode.hpp"
#include "tests/ingest/gpmf_writer.hpp"
#include "tests/ingest/make_movie.hpp"

#include "ingest/jpeg_outline.hpp"

using namespace cairn;
using namespace cairn::ingest;
using namespace cairn::testing;

namespace {

constexpr std::int32_t kNorthPerMetre_e7 = 90;  // at 55.7 degrees a metre is 89.8e-7 degrees of latitude

/// Packets of a drive north at 9 m/s from 10:20:30, ten fixes a second.
std::vector<std::string> gps5_drive(int seconds) {
  std::vector<std::string> packets;
  for (int second = 0; second < seconds; ++second) {
    std::vector<RawFix> fixes;
    for (int i = 0; i < 10; ++i) {
      fixes.push_back({557'000'000 + (second * 10 + i) * 9 * kNorthPerMetre_e7 / 10, 131'900'000, 20'000, 9000});
    }
    packets.push_back(gps5_packet(fixes, "2604301020" + std::to_string(30 + second) + ".000"));
  }
  return packets;
}

Track gpx_drive() {
  Track track;
  for (int second = 0; second <= 10; ++second) {
    track.push_back({.taken_at = utc("2026-04-30T10:20:30Z") + std::chrono::seconds{second},
                     .place = *LatLon::from_e7(557'000'000 + second * 9 * kNorthPerMetre_e7, 131'900'000)});
  }
  return track;
}

}  // namespace

TEST_CASE("a video with telemetry gives a frame every three metres, in time and place") {
  const auto movie = make_movie({.telemetry = gps5_drive(4)});
  const auto result = decoded(file_of(movie));
  if (result.report.refusal) FAIL(code_of(result.report.refusal->reason) << " " << result.report.refusal->detail);
  REQUIRE(result.report.track.size() == 40);
  // 9 m/s at ten frames a second: the steps are the least multiples of 0.9 m that reach 3 m.
  REQUIRE(result.report.frames == 10);
  CHECK(result.report.notes.empty());
  for (std::size_t i = 0; i < result.captures.size(); ++i) {
    const auto& capture = result.captures[i];
    CHECK(capture.fix.taken_at == utc("2026-04-30T10:20:30Z") + std::chrono::milliseconds{400 * i});
    CHECK(capture.fix.place.lat_e7() == Approx(557'000'000 + 324.0 * static_cast<double>(i)).margin(2));
    CHECK(capture.id == frame_id_of(AccountId::derived_from({"tester"}), sha256_of(ByteView{movie}), static_cast<int>(i)));
    CHECK(capture.camera.model == "Hero6 Black");
    CHECK_FALSE(capture.fix.heading_deg);
    CHECK_FALSE(check_outline(outline_of(result.jpegs[i]), {}));
  }
}

TEST_CASE("the same video gives the same bytes twice") {
  const auto movie = make_movie({.seconds = 2, .telemetry = gps5_drive(2)});
  CHECK(decoded(file_of(movie)).jpegs == decoded(file_of(movie)).jpegs);
}

TEST_CASE("frames are taken only where the telemetry covers the video, and the report says so") {
  const auto result = decoded(file_of(make_movie({.seconds = 4, .telemetry = gps5_drive(2)})));
  REQUIRE(result.report.frames == 5);
  REQUIRE(result.report.notes.size() == 1);
  CHECK(result.report.notes[0].reason == Reason::no_place);
  CHECK(result.report.notes[0].detail == "telemetry covers 1.9 s of 3.9 s");
}

TEST_CASE("a video longer than the limit is cut there") {
  const auto movie = make_movie({.telemetry = gps5_drive(4)});
  const auto result = decoded(file_of(movie), {.most_frames_per_video = 3});
  CHECK(result.report.frames == 3);
  CHECK(result.report.notes[0] == Refusal{Reason::file_too_large, "only the first 3 frames are used"});
}

TEST_CASE("a video without telemetry takes its way from a sidecar track by its creation time") {
  const auto movie = make_movie({.created_at = "2026-04-30T10:20:32Z"});
  auto file = file_of(movie);
  file.sidecars = {gpx_drive()};
  const auto result = decoded(file);
  REQUIRE(result.report.frames == 10);
  CHECK(result.captures[0].fix.taken_at == utc("2026-04-30T10:20:32Z"));
  CHECK(result.captures[0].fix.place.lat_e7() == 557'000'000 + 2 * 9 * kNorthPerMetre_e7);
  file.overrides.taken_at = utc("2026-04-30T10:20:30Z");
  CHECK(decoded(file).captures[0].fix.place.lat_e7() == 557'000'000);
}

TEST_CASE("a video without a way, a time or a picture is refused") {
  const auto bare = make_movie({.created_at = "2026-04-30T10:20:32Z"});
  CHECK(decoded(file_of(bare)).report.refusal->reason == Reason::no_place);
  auto file = file_of(bare);
  file.sidecars = {gpx_drive()};
  for (auto& fix : file.sidecars[0]) fix.taken_at += std::chrono::hours{1};
  CHECK(decoded(file).report.refusal == Refusal{Reason::no_place, "no track covers any of the 3.9 s"});
  const auto timeless = make_movie({});
  file = file_of(timeless);
  file.sidecars = {gpx_drive()};
  CHECK(decoded(file).report.refusal->reason == Reason::no_time);
  const auto small = make_movie({.width_px = 160, .height_px = 120, .telemetry = gps5_drive(4)});
  CHECK(decoded(file_of(small)).report.refusal == Refusal{Reason::picture_too_small, "160 x 120 pixels"});
}

TEST_CASE("a video dated after its arrival is refused") {
  auto movie = make_movie({.created_at = "2031-04-30T10:20:32Z"});
  auto file = file_of(movie);
  file.sidecars = {gpx_drive()};
  CHECK(decoded(file).report.refusal->reason == Reason::impossible_time);
}

TEST_CASE("the turn that a video asks for becomes the orientation of its frames") {
  for (const auto& [turned_deg, orientation] : {std::pair{0, 1}, {90, 6}, {180, 3}, {270, 8}}) {
    const auto movie = make_movie({.seconds = 1, .telemetry = gps5_drive(1), .turned_deg = turned_deg});
    CHECK(decoded(file_of(movie)).captures.at(0).orientation == orientation);
  }
}

TEST_CASE("a movie cut anywhere is read as far as it goes or refused") {
  const auto movie = make_movie({.seconds = 1, .telemetry = gps5_drive(1)});
  for (std::size_t size = 12; size < movie.size(); size += movie.size() / 23) {
    const Bytes cut{movie.begin(), movie.begin() + static_cast<std::ptrdiff_t>(size)};
    const auto report = decoded(file_of(cut)).report;
    CHECK((report.frames > 0) != report.refusal.has_value());
  }
}
