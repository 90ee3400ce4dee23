#include "services/simulate/exif.hpp"

#include <exiv2/exiv2.hpp>

#include <array>
#include <cmath>
#include <cstdio>
#include <string>

namespace cairn::simulate {
namespace {

std::string fraction(double value, int denominator) {
  return std::to_string(std::llround(value * denominator)) + "/" + std::to_string(denominator);
}

/// Degrees, minutes and seconds that give back the same 1e-7 degrees: 1e-7 degrees are exactly 36 units of 1e-5
/// seconds.
std::string degrees_minutes_seconds(std::int32_t e7) {
  const std::int64_t units = std::abs(static_cast<std::int64_t>(e7)) * 36;
  constexpr std::int64_t kMinute = 60 * 100'000, kDegree = 60 * kMinute;
  return std::to_string(units / kDegree) + "/1 " + std::to_string(units % kDegree / kMinute) + "/1 " +
         std::to_string(units % kMinute) + "/100000";
}

struct TimeTexts {
  std::string date_time, millis, gps_date, gps_time;
};

TimeTexts texts_of(UtcTime time) {
  const auto millis = std::chrono::round<std::chrono::milliseconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(millis);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{millis - day};
  std::array<char, 40> text{};
  const auto print = [&](const char* form, auto... values) {
    std::snprintf(text.data(), text.size(), form, static_cast<int>(values)...);
    return std::string{text.data()};
  };
  const auto year = static_cast<int>(date.year());
  const auto month = static_cast<unsigned>(date.month()), dom = static_cast<unsigned>(date.day());
  const auto h = clock.hours().count(), m = clock.minutes().count(), s = clock.seconds().count(),
             ms = clock.subseconds().count();
  return {print("%04d:%02d:%02d %02d:%02d:%02d", year, month, dom, h, m, s), print("%03d", ms),
          print("%04d:%02d:%02d", year, month, dom), print("%d/1 %d/1 %d/1000", h, m, s * 1000 + ms)};
}

void add_gnss(Exiv2::ExifData& exif, const GnssReport& report, const TimeTexts& time) {
  const auto set = [&](const char* key, const std::string& value) { exif[std::string{"Exif.GPSInfo."} + key] = value; };
  set("GPSVersionID", "2 3 0 0");
  set("GPSLatitudeRef", report.place.lat_e7() < 0 ? "S" : "N");
  set("GPSLatitude", degrees_minutes_seconds(report.place.lat_e7()));
  set("GPSLongitudeRef", report.place.lon_e7() < 0 ? "W" : "E");
  set("GPSLongitude", degrees_minutes_seconds(report.place.lon_e7()));
  set("GPSAltitudeRef", report.altitude_m < 0 ? "1" : "0");
  set("GPSAltitude", fraction(std::abs(report.altitude_m), 100));
  set("GPSTimeStamp", time.gps_time);
  set("GPSDateStamp", time.gps_date);
  set("GPSSpeedRef", "K");
  set("GPSSpeed", fraction(std::max(0.0, report.speed_mps) * 3.6, 100));
  set("GPSImgDirectionRef", "T");
  set("GPSImgDirection", fraction(report.heading_deg, 100));
  set("GPSHPositioningError", fraction(report.accuracy_m, 100));
  set("GPSMapDatum", "WGS-84");
}

}  // namespace

Bytes with_exif(ByteView jpeg, const ExifClaims& claims) {
  constexpr double kFocal_mm =
      4;  // of a small camera; the field of view follows from the resolution of the focal plane
  auto image = Exiv2::ImageFactory::open(reinterpret_cast<const Exiv2::byte*>(jpeg.data()), jpeg.size());
  image->readMetadata();
  Exiv2::ExifData exif;
  const auto time = texts_of(claims.taken_at);
  exif["Exif.Image.Make"] = "Cairn";
  exif["Exif.Image.Model"] = "Simulator";
  exif["Exif.Image.Orientation"] = std::uint16_t{1};
  exif["Exif.Image.DateTime"] = time.date_time;
  exif["Exif.Photo.DateTimeOriginal"] = time.date_time;
  exif["Exif.Photo.OffsetTimeOriginal"] = "+00:00";
  exif["Exif.Photo.SubSecTimeOriginal"] = time.millis;
  exif["Exif.Photo.FocalLength"] = fraction(kFocal_mm, 100);
  exif["Exif.Photo.FocalLengthIn35mmFilm"] = static_cast<std::uint16_t>(
      std::lround(claims.focal_px * kDiagonal35mm_mm / std::hypot(claims.width_px, claims.height_px)));
  exif["Exif.Photo.FocalPlaneXResolution"] = fraction(claims.focal_px / kFocal_mm, 1000);
  exif["Exif.Photo.FocalPlaneYResolution"] = fraction(claims.focal_px / kFocal_mm, 1000);
  exif["Exif.Photo.FocalPlaneResolutionUnit"] = std::uint16_t{4};  // pixels per millimetre
  if (claims.gnss) add_gnss(exif, *claims.gnss, time);
  image->setExifData(exif);
  image->writeMetadata();
  auto& io = image->io();
  io.open();
  Bytes bytes(static_cast<std::size_t>(io.size()));
  io.read(reinterpret_cast<Exiv2::byte*>(bytes.data()), static_cast<long>(bytes.size()));
  io.close();
  return bytes;
}

}  // namespace cairn::simulate
