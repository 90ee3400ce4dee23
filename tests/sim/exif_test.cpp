#include "services/simulate/exif.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"

#include <exiv2/exiv2.hpp>
#include <opencv2/imgcodecs.hpp>

#include <span>

using namespace cairn;
using namespace cairn::simulate;

namespace {

Bytes small_jpeg() {
  std::vector<uchar> jpeg;
  cv::imencode(".jpg", cv::Mat3b(16, 16, cv::Vec3b{90, 120, 150}), jpeg);
  const auto bytes = std::as_bytes(std::span{jpeg});
  return {bytes.begin(), bytes.end()};
}

Exiv2::ExifData read(const Bytes& jpeg) {
  auto image = Exiv2::ImageFactory::open(reinterpret_cast<const Exiv2::byte*>(jpeg.data()), jpeg.size());
  image->readMetadata();
  return image->exifData();
}

double degrees_in(const Exiv2::ExifData& exif, const std::string& name) {
  const auto& value = exif.findKey(Exiv2::ExifKey{"Exif.GPSInfo." + name})->value();
  const auto part = [&](long i) { return static_cast<double>(value.toRational(i).first) / value.toRational(i).second; };
  const auto ref = exif.findKey(Exiv2::ExifKey{"Exif.GPSInfo." + name + "Ref"})->toString();
  return (part(0) + part(1) / 60 + part(2) / 3600) * (ref == "S" || ref == "W" ? -1 : 1);
}

std::string text_in(const Exiv2::ExifData& exif, const char* key) {
  return exif.findKey(Exiv2::ExifKey{key})->toString();
}

double number_in(const Exiv2::ExifData& exif, const char* key) {
  const auto [above, below] = exif.findKey(Exiv2::ExifKey{key})->toRational();
  return static_cast<double>(above) / below;
}

}  // namespace

TEST_CASE("a place written to EXIF reads back as itself") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  cairn::testing::Random random{seed};
  const auto jpeg = small_jpeg();
  for (int i = 0; i < 100; ++i) {
    const auto place = random.place();
    const auto exif = read(
        with_exif(jpeg, {.gnss = GnssReport{.place = place}, .focal_px = 1000, .width_px = 1280, .height_px = 720}));
    REQUIRE(LatLon::from_degrees(degrees_in(exif, "GPSLatitude"), degrees_in(exif, "GPSLongitude")) == place);
  }
}

TEST_CASE("EXIF holds the time, the receiver's report and the true focal length") {
  const GnssReport report{*LatLon::from_degrees(-47.5, -21.25), 91.25, 1.12, 10, 271.5};
  const auto exif =
      read(with_exif(small_jpeg(), {*time_from_iso8601("2026-05-16T07:40:03.250Z"), report, 1018.254, 1280, 720}));
  REQUIRE(text_in(exif, "Exif.Photo.DateTimeOriginal") == "2026:05:16 07:40:03");
  REQUIRE(text_in(exif, "Exif.Photo.OffsetTimeOriginal") == "+00:00");
  REQUIRE(text_in(exif, "Exif.Photo.SubSecTimeOriginal") == "250");
  REQUIRE(text_in(exif, "Exif.GPSInfo.GPSDateStamp") == "2026:05:16");
  REQUIRE(text_in(exif, "Exif.GPSInfo.GPSTimeStamp") == "7/1 40/1 3250/1000");
  REQUIRE(text_in(exif, "Exif.Image.Make") == "Cairn");
  REQUIRE(text_in(exif, "Exif.Image.Model") == "Simulator");
  REQUIRE(text_in(exif, "Exif.Photo.FocalLengthIn35mmFilm") == "30");
  REQUIRE(number_in(exif, "Exif.Photo.FocalPlaneXResolution") * number_in(exif, "Exif.Photo.FocalLength") ==
          Approx(1018.254).margin(0.01));
  REQUIRE(number_in(exif, "Exif.GPSInfo.GPSAltitude") == Approx(91.25));
  REQUIRE(number_in(exif, "Exif.GPSInfo.GPSImgDirection") == Approx(271.5));
  REQUIRE(number_in(exif, "Exif.GPSInfo.GPSSpeed") == Approx(36));
  REQUIRE(number_in(exif, "Exif.GPSInfo.GPSHPositioningError") == Approx(1.12));
}

TEST_CASE("without a report there is no GPS tag") {
  for (const auto& datum : read(with_exif(small_jpeg(), {.focal_px = 1000, .width_px = 1280, .height_px = 720})))
    REQUIRE(datum.groupName() != "GPSInfo");
}
