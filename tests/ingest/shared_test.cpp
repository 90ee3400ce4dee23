// Files of real cameras.
#include "ingest/assemble.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/file_to_decode.hpp"
#include "tests/shared_data.hpp"

using namespace cairn;
using namespace cairn::ingest;
using cairn::testing::decoded;
using cairn::testing::file_of;

namespace {

void describe(const std::string& name, const testing::Decoded& result) {
  std::cout << name << ": " << result.report.frames << " frames, " << result.report.track.size() << " fixes";
  if (!result.report.track.empty()) {
    std::cout << " from " << to_iso8601(result.report.track.front().taken_at) << " to "
              << to_iso8601(result.report.track.back().taken_at);
  }
  if (result.report.refusal) std::cout << ", " << code_of(result.report.refusal->reason) << " " << result.report.refusal->detail;
  for (const auto& note : result.report.notes) std::cout << ", note " << code_of(note.reason) << " " << note.detail;
  std::cout << "\n";
}

}  // namespace

TEST_CASE("every photo of the walk in Lund reads, as one sequence", "[shared]") {
  const auto folder = testing::shared_path("drives/lund");
  if (!folder) return;
  std::vector<ArrivedFrame> frames;
  for (const auto& path : testing::files_in(*folder)) {
    if (path.extension() != ".jpg") continue;
    const auto bytes = testing::bytes_from_file(path);
    const auto result = decoded(file_of(bytes, path.filename().string()));
    INFO(path.string());
    REQUIRE(result.report.frames == 1);
    const auto& capture = result.captures[0];
    CHECK(capture.fix.place.lat_deg() == Approx(55.698).margin(0.002));
    CHECK(capture.fix.place.lon_deg() == Approx(13.195).margin(0.002));
    CHECK(capture.fix.heading_deg.has_value());
    CHECK(capture.camera.model.starts_with("iPhone"));
    CHECK(capture.camera.width_px == 1024);
    frames.push_back({capture, path.filename().string()});
  }
  const auto assembly = assemble(frames, AssembleRules{});
  std::cout << "lund: " << frames.size() << " photos read, " << assembly.sequences.size() << " sequences, "
            << assembly.left_out.size() << " left out\n";
  for (const auto& out : assembly.left_out) std::cout << "  " << code_of(out.refusal.reason) << " " << out.refusal.detail << "\n";
  REQUIRE(frames.size() == 29);
}

TEST_CASE("a GoPro Max video gives its way and a frame every 3 m", "[shared]") {
  const auto path = testing::shared_path("formats/gopro/max-heromode.mp4");
  if (!path) return;
  const auto bytes = testing::bytes_from_file(*path);
  const auto result = decoded(file_of(bytes));
  describe("max-heromode.mp4", result);
  REQUIRE_FALSE(result.report.refusal);
  CHECK(result.report.track.size() == 191);
  REQUIRE(result.report.frames >= 3);
  CHECK(result.captures[0].camera.model == "GoPro Max");
}

TEST_CASE("a GoPro Hero6 clip gives its way and frames", "[shared]") {
  const auto path = testing::shared_path("formats/gopro/hero6-trimmed.mp4");
  if (!path) return;
  const auto bytes = testing::bytes_from_file(*path);
  const auto result = decoded(file_of(bytes));
  describe("hero6-trimmed.mp4", result);
  REQUIRE_FALSE(result.report.refusal);
  CHECK(result.report.track.size() == 36);
  REQUIRE(result.report.frames >= 1);
}

TEST_CASE("a photo of an action camera and a track of a web editor read", "[shared]") {
  const auto folder = testing::shared_path("formats/exif");
  if (!folder) return;
  for (const auto& path : testing::files_in(*folder)) {
    const auto bytes = testing::bytes_from_file(path);
    describe(path.filename().string(), decoded(file_of(bytes)));
  }
  const auto gpx = testing::bytes_from_file(*folder / "sf_30km_h.gpx");
  CHECK(std::holds_alternative<TrackFile>(read_track(gpx, testing::utc("2026-05-01T12:00:00Z"))));
}

TEST_CASE("a file of whatever type is taken or refused with a reason", "[shared]") {
  for (const auto* name : {"formats/many_types", "formats/gopro", "formats/dashcam/novatek-real-anonymized",
                           "formats/dashcam/70mai-embedded", "formats/dashcam/thinkware", "formats/dashcam/garmin"}) {
    const auto folder = testing::shared_path(name);
    if (!folder) return;
    for (const auto& path : testing::files_in(*folder)) {
      const auto bytes = testing::bytes_from_file(path);
      const auto result = decoded(file_of(bytes));
      INFO(path.string());
      const bool gave = result.report.frames > 0 || (result.report.kind == FileKind::track && !result.report.track.empty());
      CHECK(gave != result.report.refusal.has_value());
      if (kind_of(bytes)) describe(path.filename().string(), result);
    }
  }
}
