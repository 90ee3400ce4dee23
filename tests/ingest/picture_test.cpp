#include "ingest/decode_file.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/file_to_decode.hpp"
#include "tests/ingest/make_picture.hpp"
#include "tests/ingest/raw_exif.hpp"

using namespace cairn;
using namespace cairn::ingest;
using namespace cairn::testing;

namespace {

Bytes tagged(const Tags& tags) { return with_tags(make_jpeg(), tags); }

Capture capture_of(const Bytes& jpeg) {
  const auto read = read_picture(file_of(jpeg), {});
  if (const auto* refusal = std::get_if<Refusal>(&read)) FAIL(code_of(refusal->reason) << " " << refusal->detail);
  return std::get<Capture>(read);
}
Capture capture_with(const Tags& tags) { return capture_of(tagged(place_tags() + time_tags() + tags)); }

Refusal decode_refusal(const FileToDecode& file) {
  const auto read = read_picture(file, {});
  REQUIRE(std::holds_alternative<Refusal>(read));
  return std::get<Refusal>(read);
}
Refusal refusal_with(const Tags& tags) {
  const auto jpeg = tagged(tags);
  return decode_refusal(file_of(jpeg));
}

}  // namespace

TEST_CASE("a picture says place and time") {
  const auto capture = capture_with({});
  CHECK(capture.fix.place == *LatLon::from_degrees(55.7, 13.19));
  CHECK(capture.fix.taken_at == utc("2026-04-30T10:20:30Z"));
  CHECK(capture.camera.width_px == 400);
  CHECK(capture.camera.height_px == 300);
  CHECK(capture.orientation == 1);
  CHECK_FALSE(capture.fix.heading_deg);
}

TEST_CASE("south and west are negative, below the sea too") {
  const auto capture = capture_with({{"Exif.GPSInfo.GPSLatitudeRef", "S"},
                                     {"Exif.GPSInfo.GPSLongitudeRef", "W"},
                                     {"Exif.GPSInfo.GPSAltitude", "31/10"},
                                     {"Exif.GPSInfo.GPSAltitudeRef", "1"}});
  CHECK(capture.fix.place == *LatLon::from_degrees(-55.7, -13.19));
  CHECK(*capture.fix.altitude_m == Approx(-3.1));
}

TEST_CASE("direction, speed, accuracy, camera and panorama are read") {
  const auto capture = capture_with({{"Exif.GPSInfo.GPSImgDirection", "3605/10"},
                                     {"Exif.GPSInfo.GPSSpeed", "36/1"},
                                     {"Exif.GPSInfo.GPSSpeedRef", "K"},
                                     {"Exif.GPSInfo.GPSHPositioningError", "4/1"},
                                     {"Exif.Image.Make", "Maker "},
                                     {"Exif.Image.Model", "Model\xE2\x80\xAE X"},
                                     {"Xmp.GPano.ProjectionType", "equirectangular"},
                                     {"Xmp.GPano.PosePitchDegrees", "-2.5"},
                                     {"Xmp.GPano.PoseRollDegrees", "1/2"}});
  CHECK(*capture.fix.heading_deg == Approx(0.5));
  CHECK(*capture.fix.speed_mps == Approx(10));
  CHECK(*capture.fix.accuracy_m == Approx(4));
  CHECK(capture.camera.make == "Maker");
  CHECK(capture.camera.model == "Model X");
  CHECK(capture.camera.projection == Projection::equirectangular);
  CHECK(*capture.pitch_deg == Approx(-2.5));
  CHECK(*capture.roll_deg == Approx(0.5));
}

TEST_CASE("a panorama of a part of the turn is no 360 picture") {
  const auto projection_of = [](const char* part) {
    return capture_with({{"Xmp.GPano.ProjectionType", "equirectangular"},
                         {"Xmp.GPano.FullPanoWidthPixels", "8000"},
                         {"Xmp.GPano.CroppedAreaImageWidthPixels", part}})
        .camera.projection;
  };
  CHECK(projection_of("8000") == Projection::equirectangular);
  CHECK(projection_of("4500") == Projection::flat);
}

TEST_CASE("all eight orientations are passed on, and no other") {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    CHECK(capture_with({{"Exif.Image.Orientation", std::to_string(orientation)}}).orientation == orientation);
  }
  CHECK(capture_with({{"Exif.Image.Orientation", "9"}}).orientation == 1);
  CHECK(capture_with({{"Exif.Image.Orientation", "0"}}).orientation == 1);
}

TEST_CASE("the focal length in pixels follows from the 35 mm equivalent or the sensor") {
  // 400 x 300 has a diagonal of 500 pixels, 36 x 24 mm one of 43.27 mm.
  CHECK(*capture_with({{"Exif.Photo.FocalLengthIn35mmFilm", "28"}}).camera.focal_px == Approx(28 * 500 / 43.2666));
  // 4 mm on a sensor of 1000 pixels per centimetre, in a picture scaled down from 800 pixels to 400.
  CHECK(*capture_with({{"Exif.Photo.FocalLength", "4/1"},
                       {"Exif.Photo.FocalPlaneXResolution", "1000/1"},
                       {"Exif.Photo.FocalPlaneResolutionUnit", "3"},
                       {"Exif.Photo.PixelXDimension", "800"}}).camera.focal_px == Approx(200));
  CHECK(*capture_with({{"Exif.Photo.FocalLength", "42/10"}}).camera.focal_mm == Approx(4.2));
  CHECK_FALSE(capture_with({{"Exif.Photo.FocalLengthIn35mmFilm", "0"}}).camera.focal_px);
}

TEST_CASE("a picture without time or place is refused with that reason") {
  CHECK(refusal_with(place_tags()).reason == Reason::no_time);
  CHECK(refusal_with(time_tags()).reason == Reason::no_place);
  CHECK(refusal_with({}).reason == Reason::no_time);
  CHECK(decode_refusal(file_of({})).reason == Reason::empty_file);
}

TEST_CASE("impossible places are refused with their value") {
  const auto north = refusal_with(time_tags() + place_tags() + Tags{{"Exif.GPSInfo.GPSLatitude", "912/10 0/1 0/1"}});
  CHECK(north == Refusal{Reason::impossible_place, "latitude 91.2"});
  const auto east = refusal_with(time_tags() + place_tags() + Tags{{"Exif.GPSInfo.GPSLongitude", "181/1 0/1 0/1"}});
  CHECK(east == Refusal{Reason::impossible_place, "longitude 181"});
  const auto null_island = refusal_with(time_tags() + place_tags() +
                                        Tags{{"Exif.GPSInfo.GPSLatitude", "0/1 0/1 0/1"}, {"Exif.GPSInfo.GPSLongitude", "0/1 0/1 0/1"}});
  CHECK(null_island == Refusal{Reason::impossible_place, "latitude 0, longitude 0"});
  const auto no_number = refusal_with(time_tags() + place_tags() + Tags{{"Exif.GPSInfo.GPSLatitude", "1/0 1/0 1/0"}});
  CHECK(no_number.reason == Reason::no_place);
}

TEST_CASE("impossible times are refused with their value") {
  const auto early = refusal_with(place_tags() + Tags{{"Exif.Photo.DateTimeOriginal", "1970:01:01 12:00:00"}});
  CHECK(early.reason == Reason::impossible_time);
  CHECK(early.detail == "1970-01-01T11:00:00.000000Z lies before 2000");
  const auto late = refusal_with(place_tags() + Tags{{"Exif.Photo.DateTimeOriginal", "2099:01:01 12:00:00"}});
  CHECK(late.reason == Reason::impossible_time);
  CHECK(late.detail == "2099-01-01T11:00:00.000000Z lies after its arrival at 2026-05-01T12:00:00.000000Z");
}

TEST_CASE("a naive clock a few hours ahead of its arrival is let in") {
  CHECK(capture_of(tagged(place_tags() + Tags{{"Exif.Photo.DateTimeOriginal", "2026:05:02 01:00:00"}})).fix.taken_at ==
        utc("2026-05-01T23:00:00Z"));
}

TEST_CASE("broken numbers count as missing") {
  const auto capture = capture_with({{"Exif.GPSInfo.GPSImgDirection", "1/0"},
                                     {"Exif.GPSInfo.GPSSpeed", "0/0"},
                                     {"Exif.GPSInfo.GPSAltitude", "4294967295/1"},
                                     {"Exif.Photo.FocalLength", "1/0"}});
  CHECK_FALSE(capture.fix.heading_deg);
  CHECK_FALSE(capture.fix.speed_mps);
  CHECK_FALSE(capture.fix.altitude_m);
  CHECK_FALSE(capture.camera.focal_px);
}

TEST_CASE("EXIF that loops, boasts or points outside counts as missing") {
  constexpr int kExif = kExifDirectory, kGps = kGpsDirectory;
  const std::vector<std::string> traps{
      "", "II", "II*", std::string(64, '\xFF'),
      tiff_start() + little(0, 2) + little(8, 4),                                                        // the next directory is itself
      tiff_start() + little(1, 2) + entry(kExif, kLong, 1, 8) + little(8, 4),                            // holds itself
      tiff_start() + little(2, 2) + entry(kGps, kLong, 1, 8) + entry(kExif, kLong, 1, 8) + little(0, 4),
      tiff_start() + little(65'535, 2) + std::string(60'000, '\x01'),                                    // a huge directory
      tiff_start() + little(1, 2) + entry(kGps, kLong, 0xFFFFFFFF, 26) + little(0, 4),
      tiff_start() + little(1, 2) + entry(kGps, kLong, 1, 26) + little(0, 4) + little(1, 2) + entry(2, kRational, 0x20000000, 8) + little(0, 4),
      tiff_start() + little(1, 2) + entry(kGps, kLong, 1, 0xFFFFFFF0) + little(0, 4)};
  for (const auto& trap : traps) {
    const auto jpeg = with_raw_exif(make_jpeg(), trap);
    CHECK(decode_refusal(file_of(jpeg)).reason == Reason::no_time);
    CHECK(scan_hash_of(jpeg) == scan_hash_of(make_jpeg()));
  }
}

TEST_CASE("what the sender states wins") {
  const auto jpeg = tagged(place_tags() + time_tags() + Tags{{"Exif.GPSInfo.GPSImgDirection", "10/1"}});
  auto file = file_of(jpeg);
  file.overrides = {.taken_at = utc("2025-01-01T00:00:00Z"), .place = LatLon::from_degrees(1, 2), .heading_deg = -90.0};
  const auto capture = std::get<Capture>(read_picture(file, {}));
  CHECK(capture.fix.taken_at == utc("2025-01-01T00:00:00Z"));
  CHECK(capture.fix.place == *LatLon::from_degrees(1, 2));
  CHECK(*capture.fix.heading_deg == 270);
}

TEST_CASE("a track gives the place that a picture lacks") {
  const auto jpeg = tagged(time_tags());
  auto file = file_of(jpeg);
  file.sidecars = {{Fix{.taken_at = utc("2026-04-30T10:20:20Z"), .place = *LatLon::from_degrees(55, 13)},
                    Fix{.taken_at = utc("2026-04-30T10:20:40Z"), .place = *LatLon::from_degrees(55.001, 13)}}};
  const auto capture = std::get<Capture>(read_picture(file, {}));
  CHECK(capture.fix.place.lat_deg() == Approx(55.0005).margin(1e-7));
  CHECK_FALSE(capture.fix.heading_deg);
  file.sidecars[0].pop_back();
  CHECK(decode_refusal(file) == Refusal{Reason::no_place, "no track covers 2026-04-30T10:20:30.000000Z"});
}

TEST_CASE("Mapillary's description fills what EXIF lacks") {
  const auto capture = capture_of(tagged({{"Exif.Image.ImageDescription",
                                           R"({"MAPLatitude":"55.7","MAPLongitude":"13.19","MAPCaptureTime":"2018_06_08_20_24_11_000",)"
                                           R"("MAPCompassHeading":{"TrueHeading":"12.5"},"MAPSequenceUUID":"S1"})"}}));
  CHECK(capture.fix.place == *LatLon::from_degrees(55.7, 13.19));
  CHECK(capture.fix.taken_at == utc("2018-06-08T20:24:11Z"));
  CHECK(*capture.fix.heading_deg == 12.5);
  CHECK(capture.sequence_hint == "S1");
}

TEST_CASE("a picture decodes to itself, named after sender and content") {
  const auto jpeg = tagged(place_tags() + time_tags());
  const auto once = decoded(file_of(jpeg)), again = decoded(file_of(jpeg, "other name"));
  REQUIRE(once.report.frames == 1);
  CHECK(once.jpegs[0] == jpeg);
  CHECK(once.captures[0].id == again.captures[0].id);
  CHECK(once.captures[0].id == frame_id_of(AccountId::derived_from({"tester"}), sha256_of(ByteView{jpeg}), 0));
}
