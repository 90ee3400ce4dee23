#include "ingest/picture_tags.hpp"

#include "ingest/number_text.hpp"
#include "ingest/text_clean.hpp"

#include <exiv2/exiv2.hpp>

#include <array>
#include <exception>
#include <map>
#include <mutex>

namespace cairn::ingest {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr double kFullCircle = 0.99;  ///< share of the turn, for makers that round

/// Exiv2's XMP part keeps one table for the whole process and asks for a lock; its messages would go to stderr.
void lock_xmp(void*, bool lock) {
  static std::recursive_mutex mutex;
  if (lock) {
    mutex.lock();
  } else {
    mutex.unlock();
  }
}

void prepare_exiv2() {
  static const bool ready = [] {
    Exiv2::LogMsg::setLevel(Exiv2::LogMsg::mute);
    Exiv2::XmpParser::initialize(&lock_xmp, nullptr);
    Exiv2::XmpProperties::registerNs("http://pix4d.com/camera/1.0/", "Camera");
    return true;
  }();
  static_cast<void>(ready);
}

/// A rational as Exiv2 prints it, "7/2", or a plain number. Nothing for a denominator of 0.
std::optional<double> ratio_from_text(const std::string& text) {
  const auto slash = text.find('/');
  if (slash == std::string::npos) return number_from_text(text);
  const auto above = number_from_text(std::string_view{text}.substr(0, slash));
  const auto below = number_from_text(std::string_view{text}.substr(slash + 1));
  if (!above || !below || *below == 0) return std::nullopt;
  return *above / *below;
}

/// What was decoded, by key. Exiv2's own search makes the key of every tag anew for each question.
class Reader {
 public:
  Reader(const Exiv2::ExifData& exif, const Exiv2::XmpData& xmp) {
    for (const auto& tag : exif) by_key_.emplace(tag.key(), &tag);
    for (const auto& property : xmp) by_key_.emplace(property.key(), &property);
  }

  std::string text(std::string_view key) const {
    const auto* found = find(key);
    if (!found) return {};
    auto text = found->toString();
    text.erase(std::find(text.begin(), text.end(), '\0'), text.end());
    return text;
  }
  std::optional<double> number(std::string_view key, int component = 0) const {
    const auto* found = find(key);
    if (!found || component >= static_cast<int>(found->count())) return std::nullopt;
    return ratio_from_text(found->toString(component));
  }
  std::string xmp_text(std::string_view key) const {
    const auto* found = find(key);
    return found ? found->toString() : std::string{};
  }
  std::optional<double> xmp_number(std::string_view key) const { return ratio_from_text(xmp_text(key)); }

 private:
  const Exiv2::Metadatum* find(std::string_view key) const {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : found->second;
  }

  std::map<std::string, const Exiv2::Metadatum*, std::less<>> by_key_;  ///< of a key that comes twice the first
};

/// Degrees, minutes, seconds (or hours …) as one number of the first unit. Missing parts count as 0, a missing first one as none.
std::optional<double> sexagesimal(const Reader& reader, std::string_view key) {
  const auto whole = reader.number(key, 0);
  if (!whole) return std::nullopt;
  return *whole + reader.number(key, 1).value_or(0) / 60 + reader.number(key, 2).value_or(0) / 3600;
}

bool starts_with_any(const std::string& text, std::string_view letters) {
  return !text.empty() && letters.find(text.front()) != std::string_view::npos;
}

std::optional<StatedPlace> place_of(const Reader& reader) {
  auto lat = sexagesimal(reader, "Exif.GPSInfo.GPSLatitude");
  auto lon = sexagesimal(reader, "Exif.GPSInfo.GPSLongitude");
  if (!lat || !lon) return std::nullopt;
  if (starts_with_any(reader.text("Exif.GPSInfo.GPSLatitudeRef"), "Ss")) *lat = -*lat;
  if (starts_with_any(reader.text("Exif.GPSInfo.GPSLongitudeRef"), "Ww")) *lon = -*lon;
  return StatedPlace{*lat, *lon};
}

TimeTags time_of(const Reader& reader) {
  TimeTags time;
  time.gps_date = reader.text("Exif.GPSInfo.GPSDateStamp");
  if (const auto hours = sexagesimal(reader, "Exif.GPSInfo.GPSTimeStamp")) time.gps_second_of_day = *hours * 3600;
  struct Keys {
    const char *date, *decimals, *offset;
  };
  constexpr std::array kBestFirst{
      Keys{"Exif.Photo.DateTimeOriginal", "Exif.Photo.SubSecTimeOriginal", "Exif.Photo.OffsetTimeOriginal"},
      Keys{"Exif.Photo.DateTimeDigitized", "Exif.Photo.SubSecTimeDigitized", "Exif.Photo.OffsetTimeDigitized"},
      Keys{"Exif.Image.DateTime", "Exif.Photo.SubSecTime", "Exif.Photo.OffsetTime"}};
  for (const auto& keys : kBestFirst) {
    time.local = reader.text(keys.date);
    if (time.local.size() < 19 || time.local.starts_with("0000")) continue;
    time.sub_seconds = reader.text(keys.decimals);
    time.offset = reader.text(keys.offset);
    return time;
  }
  time.local.clear();
  return time;
}

std::optional<double> altitude_of(const Reader& reader) {
  const auto metres = reader.number("Exif.GPSInfo.GPSAltitude");
  if (!metres) return std::nullopt;
  return reader.number("Exif.GPSInfo.GPSAltitudeRef").value_or(0) == 1 ? -*metres : *metres;
}

std::optional<double> speed_of(const Reader& reader) {
  const auto speed = reader.number("Exif.GPSInfo.GPSSpeed");
  if (!speed) return std::nullopt;
  const auto unit = reader.text("Exif.GPSInfo.GPSSpeedRef");
  if (starts_with_any(unit, "Mm")) return *speed * 1609.344 / 3600;
  if (starts_with_any(unit, "Nn")) return *speed * 1852.0 / 3600;
  return *speed / 3.6;
}

std::optional<double> sensor_px_per_mm_of(const Reader& reader) {
  const auto resolution = reader.number("Exif.Photo.FocalPlaneXResolution");
  if (!resolution || *resolution <= 0) return std::nullopt;
  switch (static_cast<int>(reader.number("Exif.Photo.FocalPlaneResolutionUnit").value_or(2))) {
    case 2: return *resolution / 25.4;
    case 3: return *resolution / 10;
    case 4: return *resolution;
    case 5: return *resolution * 1000;
    default: return std::nullopt;
  }
}

void read_camera(const Reader& reader, PictureTags& tags) {
  tags.make = clean_text(reader.text("Exif.Image.Make"), kLongestName);
  tags.model = clean_text(reader.text("Exif.Image.Model"), kLongestName);
  const auto orientation = reader.number("Exif.Image.Orientation").value_or(1);
  tags.orientation = orientation >= 1 && orientation <= 8 ? static_cast<int>(orientation) : 1;
  tags.focal_mm = reader.number("Exif.Photo.FocalLength");
  tags.focal_35mm = reader.number("Exif.Photo.FocalLengthIn35mmFilm");
  tags.sensor_px_per_mm = sensor_px_per_mm_of(reader);
  tags.exif_width_px = reader.number("Exif.Photo.PixelXDimension");
}

void read_fix(const Reader& reader, PictureTags& tags) {
  tags.place = place_of(reader);
  tags.altitude_m = altitude_of(reader);
  tags.speed_mps = speed_of(reader);
  tags.heading_deg = reader.number("Exif.GPSInfo.GPSImgDirection");
  tags.accuracy_m = reader.number("Exif.GPSInfo.GPSHPositioningError");
}

/// Phones write the same words for a part of a turn; only a whole one is a 360 picture.
bool is_full_circle(const Reader& reader) {
  const auto all = reader.xmp_number("Xmp.GPano.FullPanoWidthPixels"), part = reader.xmp_number("Xmp.GPano.CroppedAreaImageWidthPixels");
  return !all || !part || *part >= kFullCircle * *all;
}

void read_panorama(const Reader& reader, PictureTags& tags) {
  if (reader.xmp_text("Xmp.GPano.ProjectionType") == "equirectangular" && is_full_circle(reader)) tags.projection = Projection::equirectangular;
  tags.pitch_deg = reader.xmp_number("Xmp.GPano.PosePitchDegrees");
  tags.roll_deg = reader.xmp_number("Xmp.GPano.PoseRollDegrees");
  if (!tags.pitch_deg) tags.pitch_deg = reader.xmp_number("Xmp.Camera.Pitch");
  if (!tags.roll_deg) tags.roll_deg = reader.xmp_number("Xmp.Camera.Roll");
  if (!tags.heading_deg) tags.heading_deg = reader.xmp_number("Xmp.GPano.PoseHeadingDegrees");
}

/// Only the two blocks are handed over, so that of Exiv2's readers for forty formats no other is let at the bytes.
void decode_exif(ByteView block, Exiv2::ExifData& exif) {
  if (block.empty()) return;
  Exiv2::ExifParser::decode(exif, reinterpret_cast<const Exiv2::byte*>(block.data()), static_cast<std::uint32_t>(block.size()));
}
/// A packet that declares entities is an attack: no writer needs them.
void decode_xmp(ByteView packet, Exiv2::XmpData& xmp) {
  const auto text = text_of(packet);
  if (text.empty() || text.find("<!DOCTYPE") != std::string_view::npos) return;
  Exiv2::XmpParser::decode(xmp, std::string{text});
}

/// Runs one part; what Exiv2 throws at broken values leaves that part as far as it got.
template <class Part>
void attempt(Part part) {
  try {
    part();
  } catch (const std::exception&) {
    // A part that can't be read is a part that is missing.
  }
}

}  // namespace

PictureTags picture_tags_of(ByteView exif_block, ByteView xmp_packet) {
  prepare_exiv2();
  Exiv2::ExifData exif;
  Exiv2::XmpData xmp;
  attempt([&] { decode_exif(exif_block, exif); });
  attempt([&] { decode_xmp(xmp_packet, xmp); });
  const Reader reader{exif, xmp};
  PictureTags tags;
  attempt([&] { read_fix(reader, tags); });
  attempt([&] { tags.time = time_of(reader); });
  attempt([&] { read_camera(reader, tags); });
  attempt([&] { read_panorama(reader, tags); });
  attempt([&] { tags.description = reader.text("Exif.Image.ImageDescription"); });
  return tags;
}

}  // namespace cairn::ingest
