// Every file of real cameras and receivers against what is in it. The numbers come from the files by other means: a second
// reading of the sentences and of the binary fields, and exiftool where it knows the format. Files not named are of types that
// Cairn doesn't read.
#include "ingest/telemetry/formats.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/file_to_decode.hpp"
#include "tests/shared_data.hpp"

#include <cstdio>
#include <map>

using namespace cairn;
using namespace cairn::ingest;
using namespace cairn::testing;

namespace {

struct Expected {
  std::string format;          ///< empty: no track and no telemetry
  std::size_t fixes = 0;
  double lat_deg = 0, lon_deg = 0;   ///< of the first fix
  int frames = 0;
  std::string reason;          ///< empty: taken
};

const std::string kNoVideo = "not_supported", kSmall = "picture_too_small";

const std::map<std::string, Expected> kExpected{
    {"dashcam/70mai/real-anonymized-a810.txt", {"70mai log", 50, 50, 9}},
    {"dashcam/70mai/real-anonymized-x800.txt", {"70mai log", 47, 43, 77}},   // 50 lines of 47 different seconds
    {"dashcam/70mai/synthetic-edge.txt", {"70mai log", 4, 50, 30}},
    {"dashcam/70mai/synthetic-happy.txt", {"70mai log", 5, 50, 30}},
    {"dashcam/70mai/synthetic-multi-session.txt", {"70mai log", 5, 50, 30}},
    {"dashcam/70mai-embedded/real-anonymized.mp4", {"70mai", 12, 50, 30, 0, kNoVideo}},
    {"dashcam/70mai-embedded/synthetic-70mai.mp4", {"70mai", 9, 50, 30, 0, kNoVideo}},
    {"dashcam/blackvue/real-anonymized.3gf", {"", 0, 0, 0, 0, "no_place"}},
    {"dashcam/blackvue/real-anonymized.gps", {"NMEA", 9, 52, 0}},
    {"dashcam/blackvue/synthetic.gps", {"NMEA", 5, 50, 30}},
    {"dashcam/blackvue-mp4/synthetic.mp4", {"BlackVue", 4, 50, 30, 0, kNoVideo}},
    {"dashcam/garmin/synthetic-pndm.mp4", {"Garmin", 5, 50, 30, 0, kNoVideo}},
    {"dashcam/nmea-sidecar/MOV_0581.mp4", {"", 0, 0, 0, 0, "no_place"}},
    {"dashcam/nmea-sidecar/MOV_0581.nmea", {"NMEA", 30, -34, 151}},
    {"dashcam/novatek/synthetic-vantrue.mp4", {"Novatek", 3, 47, 27, 0, kNoVideo}},
    {"dashcam/novatek/synthetic-viofo.mp4", {"Novatek", 3, 50.12345, 30.65432, 0, kNoVideo}},
    {"dashcam/novatek-real-anonymized/2e-drive-730.mp4", {"Novatek", 3, 50, 30, 0, kNoVideo}},
    {"dashcam/novatek-real-anonymized/silverstone-a80.mp4", {"Novatek", 3, 50, 30, 0, kNoVideo}},
    {"dashcam/novatek-real-anonymized/viofo-a119-mini2-coldstart.mp4", {"Novatek", 4, 50, 30, 0, kNoVideo}},
    {"dashcam/thinkware/real-anonymized.mp4", {"NMEA stream", 10, 50, 30, 0, kNoVideo}},
    {"dashcam/thinkware/synthetic-fseries.mp4", {"NMEA stream", 7, 50, 30, 0, kNoVideo}},
    {"dashcam/thinkware/synthetic-rear.mp4", {"NMEA stream", 0, 0, 0, 0, kNoVideo}},
    {"exif/DSC00001.JPG", {"", 0, 0, 0, 1}},
    {"exif/sf_30km_h.gpx", {"GPX", 49, 37.793585, -122.461396}},
    {"gnss_logs/bt451.log", {"NMEA", 14, 55.7805525, 23.5787688}},   // two pieces, the later one first
    {"gnss_logs/haicom-305N.log", {"NMEA", 68, -27.2108667, 153.0523283}},
    {"gnss_logs/neo-m8n.log", {"NMEA", 23, 44.0690105, -121.3142463}},
    {"gnss_logs/quectel-eg25-g-2.log", {"NMEA", 3, 60.02228, 30.2361502}},
    {"gnss_logs/quectel-eg25-g.log", {"NMEA", 23, 36.7646054, 31.4111713}},
    {"gnss_logs/ublox-8.log", {"NMEA", 72, 44.0688978, -121.3142713}},
    {"gnss_logs/ublox-neo-m8n.log", {"u-blox UBX", 24, -34.9062263, 138.6081197}},
    {"gnss_logs/ublox-neo-m8p.log", {"u-blox UBX", 59, 50.1350851, 14.4299466}},
    {"gnss_logs/ublox-neo-m8t-s.log", {"", 0, 0, 0, 0, "no_place"}},   // time and survey messages, no NAV-PVT
    {"gnss_logs/ublox-neo-m8t.log", {"", 0, 0, 0, 0, "no_place"}},     // raw measurements, no NAV-PVT
    {"gnss_logs/ublox-neo-m9n-nmea.log", {"NMEA", 61, 38.110494, -122.626897}},
    {"gnss_logs/ublox-zed-f9p-nmea.log", {"NMEA", 29, -45.8775672, 170.5001113}},
    {"gopro/hero6-trimmed.mp4", {"GoPro GPMF", 36, 33.126515, -117.327168, 2}},
    {"gopro/max-heromode.mp4", {"GoPro GPMF", 191, 33.12677, -117.327344, 5}},
    {"many_types/Geotag.gpx", {"GPX", 9, 43.642824, -116.061502}},
    {"many_types/Geotag2.log", {"NMEA", 3, 50.67197, 5.099115}},
    {"many_types/Geotag_DJI_2020-12-02_[07-50-31].csv", {"", 0, 0, 0, 0, "no_time"}},   // seconds of the flight, no date
    {"many_types/QuickTime.mov", {"", 0, 0, 0, 0, "picture_too_small"}},
};

#ifdef CAIRN_WITH_HEIF
const std::string kHeic = "no_time";
#else
const std::string kHeic = "not_supported";
#endif

Expected expected_of(const std::string& name) {
  const auto found = kExpected.find(name);
  if (found != kExpected.end()) return found->second;
  if (name.ends_with(".heic")) return {"", 0, 0, 0, 0, kHeic};
  const bool is_small_picture = name.starts_with("exif/") || name.ends_with(".jpg") || name.ends_with(".jps");
  return {"", 0, 0, 0, 0, is_small_picture ? kSmall : "not_supported"};
}

/// What the file gives. A video's fixes are counted whether or not they can be dated.
struct Found {
  Expected as;
  std::string detail;
};

Found found_in(const std::string& name, const Bytes& bytes) {
  auto file = file_of(bytes, name);
  file.received_at = utc("2027-01-01T00:00:00Z");   // the newest were recorded in 2026
  const auto report = decoded(file).report;
  std::vector<Fix> fixes{report.track.begin(), report.track.end()};
  if (kind_of(bytes) == FileKind::video) {
    const auto movie = Mp4File::open(bytes);
    const auto parts = parts_of(bytes, movie ? std::optional{movie->info()} : std::nullopt, file.received_at);
    fixes.clear();
    for (const auto& fix : telemetry_of(parts).telemetry.fixes) fixes.push_back(fix.fix);
  }
  Found found;
  found.as.format = report.format;
  found.as.fixes = fixes.size();
  if (!fixes.empty()) found.as.lat_deg = fixes[0].place.lat_deg(), found.as.lon_deg = fixes[0].place.lon_deg();
  found.as.frames = report.frames;
  if (report.refusal) found.as.reason = code_of(report.refusal->reason), found.detail = report.refusal->detail;
  return found;
}

}  // namespace

TEST_CASE("every file of real cameras and receivers gives what is in it, or the reason", "[shared]") {
  const auto root = shared_path("formats");
  if (!root) return;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{*root}) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  for (const auto& [name, expected] : kExpected) CHECK(std::filesystem::exists(*root / name));
  for (const auto& path : paths) {
    const auto name = std::filesystem::relative(path, *root).generic_string();
    const auto found = found_in(name, bytes_from_file(path));
    const auto expected = expected_of(name);
    std::printf("%-62s %-12s %4zu fixes  %11.6f %11.6f  %d frames  %s %s\n", name.c_str(), found.as.format.c_str(), found.as.fixes,
                found.as.lat_deg, found.as.lon_deg, found.as.frames, found.as.reason.c_str(), found.detail.c_str());
    CAPTURE(name, found.detail);
    CHECK(found.as.format == expected.format);
    CHECK(found.as.fixes == expected.fixes);
    CHECK(found.as.lat_deg == Approx(expected.lat_deg).epsilon(0).margin(1e-5));
    CHECK(found.as.lon_deg == Approx(expected.lon_deg).epsilon(0).margin(1e-5));
    CHECK(found.as.frames == expected.frames);
    CHECK(found.as.reason == expected.reason);
  }
}

TEST_CASE("the clocks of real 70mai logs are set right by the names of their videos", "[shared]") {
  for (const auto& [log, first] : {std::pair{"a810", "2026-07-12T17:55:32Z"}, std::pair{"x800", "2026-04-26T21:44:07Z"}}) {
    const auto path = shared_path(std::string{"formats/dashcam/70mai/real-anonymized-"} + log + ".txt");
    if (!path) return;
    const auto read = read_track(bytes_from_file(*path), utc("2027-01-01T00:00:00Z"));
    CHECK(std::get<TrackFile>(read).track.front().taken_at == utc(first));
  }
}
