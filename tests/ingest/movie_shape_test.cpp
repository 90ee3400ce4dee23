// Movies of odd make: boxes in another order, of other sizes or missing; clocks that stand still or run unevenly; tracks that
// came beside them; sound.
#include "ingest/jpeg_outline.hpp"
#include "ingest/sidecar.hpp"
#include "ingest/telemetry/byte_order.hpp"
#include "ingest/telemetry/movie_parts.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/file_to_decode.hpp"
#include "tests/ingest/make_movie.hpp"
#include "tests/ingest/vendor_writer.hpp"
#include "tests/shared_data.hpp"

using namespace cairn;
using namespace cairn::ingest;
using namespace cairn::testing;

namespace {

/// One packet of ten fixes each second, north at 9 m/s.
std::vector<std::string> drive(int seconds) {
  std::vector<std::string> packets;
  for (int second = 0; second < seconds; ++second) {
    std::vector<RawFix> fixes;
    for (int i = 0; i < 10; ++i) fixes.push_back({557'000'000 + (second * 10 + i) * 81, 131'900'000, 20'000, 9000});
    packets.push_back(gps5_packet(fixes, "2604301020" + std::to_string(30 + second) + ".000"));
  }
  return packets;
}

std::string text_from(const Bytes& bytes) { return std::string{text_of(bytes)}; }
Bytes bytes_from(const std::string& text) {
  const auto view = bytes_of(text);
  return {view.begin(), view.end()};
}

/// The boxes at the top, each with its header.
std::vector<std::string> boxes_of(const Bytes& movie) {
  std::vector<std::string> boxes;
  BoxReader reader{movie};
  while (const auto found = reader.next()) boxes.push_back(box(std::string{found->type}, std::string{text_of(found->content)}));
  return boxes;
}

/// Moves every chunk of the streams (`stco`), because the media data moved.
void shift_chunks(std::string& moov, std::int64_t by) {
  for (auto at = moov.find("stco"); at != std::string::npos; at = moov.find("stco", at + 4)) {
    const auto count = big_endian_at<std::uint32_t>(bytes_of(moov), at + 8);
    for (std::size_t i = 0; i < count; ++i) {
      const auto place = at + 12 + i * 4;
      moov.replace(place, 4, numbers({big_endian_at<std::uint32_t>(bytes_of(moov), place) + by}, 4));
    }
  }
}

}  // namespace

TEST_CASE("the movie header may stand before or after the media, and boxes may have sizes of 64 bits") {
  const auto last = make_movie({.seconds = 2, .telemetry = drive(2)});
  const auto expected = decoded(file_of(last));
  REQUIRE(expected.report.frames == 5);
  std::string front, media, moov;
  for (const auto& part : boxes_of(last)) (part.substr(4, 4) == "moov" ? moov : part.substr(4, 4) == "mdat" ? media : front) += part;
  REQUIRE_FALSE(moov.empty());
  auto first = moov;
  shift_chunks(first, static_cast<std::int64_t>(moov.size()));
  CHECK(decoded(file_of(bytes_from(front + first + media))).jpegs == expected.jpegs);
  auto wide = moov;
  shift_chunks(wide, 8);
  const auto wide_media = numbers({1}, 4) + "mdat" + numbers({static_cast<std::int64_t>(media.size() + 8)}, 8) + media.substr(8);
  CHECK(decoded(file_of(bytes_from(front + wide_media + wide))).jpegs == expected.jpegs);
}

TEST_CASE("a movie without a header, or with headers inside each other, is refused or read, never waited for") {
  const auto movie = make_movie({.seconds = 1, .telemetry = drive(1)});
  std::string headless, nested;
  for (const auto& part : boxes_of(movie)) {
    if (part.substr(4, 4) != "moov") headless += part;
    auto inner = part;
    for (int i = 0; part.substr(4, 4) == "moov" && i < 1000; ++i) inner = box("moov", inner);
    nested += inner;
  }
  CHECK(decoded(file_of(bytes_from(headless))).report.refusal == Refusal{Reason::broken_file, "the movie header can't be read"});
  const auto deep = decoded(file_of(bytes_from(nested))).report;
  CHECK((deep.frames > 0) != deep.refusal.has_value());
}

TEST_CASE("frames shown for uneven times are placed by when they are shown") {
  const auto result = decoded(file_of(make_movie({.seconds = 1, .telemetry = drive(5), .uneven = true})));
  REQUIRE(result.report.frames > 3);
  for (const auto& capture : result.captures) {
    const double at_s = seconds_between(utc("2026-04-30T10:20:30Z"), capture.fix.taken_at);
    CHECK(capture.fix.place.lat_e7() == Approx(557'000'000 + at_s * 810).margin(3));
  }
}

TEST_CASE("a movie whose clock stands still gives its first frame") {
  auto movie = text_from(make_movie({.seconds = 2, .telemetry = drive(2)}));
  const auto at = movie.find("stts");   // of the video: version, number of entries, then count and duration of each
  REQUIRE(at != std::string::npos);
  movie.replace(at + 16, 4, std::string(4, '\0'));
  const auto result = decoded(file_of(bytes_from(movie)));
  CHECK(result.report.frames == 1);
  CHECK_FALSE(result.report.refusal);
}

TEST_CASE("a movie whose clock has no unit is read or refused, never divided by nought") {
  auto movie = text_from(make_movie({.seconds = 2, .telemetry = drive(2)}));
  for (const char* header : {"mvhd", "mdhd"}) {
    const auto at = movie.find(header);   // version and flags, two times, then the units of a second
    REQUIRE(at != std::string::npos);
    movie.replace(at + 16, 4, std::string(4, '\0'));
    const auto report = decoded(file_of(bytes_from(movie))).report;
    CHECK((report.frames > 0) != report.refusal.has_value());
    CHECK(report.frames <= 20);
  }
}

TEST_CASE("telemetry longer than the video harms nothing") {
  const auto result = decoded(file_of(make_movie({.seconds = 2, .telemetry = drive(6)})));
  CHECK(result.report.frames == 5);
  CHECK(result.report.track.size() == 60);
  CHECK(result.report.notes.empty());
}

TEST_CASE("the step between frames can be set") {
  const auto movie = make_movie({.seconds = 4, .telemetry = drive(4)});
  CHECK(decoded(file_of(movie), {.video_step_m = 10}).report.frames == 4);
}

TEST_CASE("a video is dated by the track with its own name, or by a log that names it") {
  const auto movie = make_movie({.seconds = 2, .created_at = "2026-04-30T20:20:30Z"});   // a header in local time
  const auto track = [] {
    TrackFile found;
    for (int i = 0; i < 10; ++i) found.track.push_back(drive_point(i));
    return found;
  };
  auto file = file_of(movie, "folder/MOV_0581.MP4");
  add_sidecar(file, "other.nmea", track());
  CHECK(decoded(file).report.refusal->reason == Reason::no_place);
  add_sidecar(file, "mov_0581.nmea", track());
  auto result = decoded(file);
  REQUIRE(result.report.frames == 7);
  CHECK(result.captures[0].fix.taken_at == drive_point(0).taken_at);
  auto front = file_of(movie, "20260430_202030_NF.mp4");
  add_sidecar(front, "20260430_202030_N.gps", track());
  CHECK(decoded(front).report.frames == 7);
  auto named = file_of(movie, "NO1F.MP4");
  auto log = track();
  log.videos = {{"NO0F.MP4", drive_point(0).taken_at}, {"NO1F.MP4", drive_point(3).taken_at}};
  add_sidecar(named, "GPSData.txt", log);
  result = decoded(named);
  REQUIRE(result.report.frames == 7);
  CHECK(result.captures[0].fix.place == drive_point(3).place);
}

TEST_CASE("no sound of a video is read or kept", "[shared]") {
  const auto path = shared_path("formats/gopro/max-heromode.mp4");
  if (!path) return;
  const auto bytes = bytes_from_file(*path);
  auto movie = Mp4File::open(bytes);
  REQUIRE(movie);
  CHECK(std::ranges::count(movie->info().stream_tags, "mp4a") == 1);
  int packets = 0;
  movie->read_packets({"mp4a"}, [&](ByteView, double, double) { return ++packets; });
  CHECK(packets == 0);
  for (const auto& jpeg : decoded(file_of(bytes)).jpegs) {
    CHECK(outline_of(jpeg).exif.empty());
    CHECK(text_of(jpeg).ends_with("\xFF\xD9"));   // nothing after the picture
  }
}
