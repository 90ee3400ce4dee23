// Pictures that senders must not send, made here byte by byte: each is refused with its reason, from its headers alone,
// or its lies do no harm.
#include "ingest/jpeg_outline.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/file_to_decode.hpp"
#include "tests/ingest/make_movie.hpp"
#include "tests/ingest/make_picture.hpp"
#include "tests/ingest/raw_exif.hpp"

#include <turbojpeg.h>

#include <bit>
#include <cmath>
#include <limits>

using namespace cairn;
using namespace cairn::ingest;
using namespace cairn::testing;

namespace {

Bytes good_picture() { return with_tags(make_jpeg(), place_tags() + time_tags()); }

Bytes bytes_from(const std::string& text) {
  const auto view = bytes_of(text);
  return {view.begin(), view.end()};
}

Bytes operator+(Bytes one, const Bytes& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

/// The picture with other words in its frame header.
struct FrameHeader {
  int marker = 0xC0, bits = 8, height_px = 300, width_px = 400, components = 3;
};
Bytes with_frame_header(const Bytes& picture, const FrameHeader& words) {
  Bytes jpeg = picture;
  JpegWalk walk{jpeg};
  while (const auto segment = walk.next()) {
    if (segment->marker != 0xC0) continue;
    auto* at = jpeg.data() + (segment->bytes.data() - jpeg.data());
    at[1] = std::byte(words.marker);
    at[4] = std::byte(words.bits);
    at[5] = std::byte(words.height_px >> 8), at[6] = std::byte(words.height_px & 0xFF);
    at[7] = std::byte(words.width_px >> 8), at[8] = std::byte(words.width_px & 0xFF);
    at[9] = std::byte(words.components);
    return jpeg;
  }
  return {};
}

Bytes with_scans(Bytes jpeg, int more) {
  Bytes scan;
  JpegWalk walk{jpeg};
  while (const auto segment = walk.next()) {
    if (segment->marker == 0xDA) scan.assign(segment->bytes.begin(), segment->bytes.end());
  }
  jpeg.resize(jpeg.size() - 2);
  for (int i = 0; i < more; ++i) jpeg.insert(jpeg.end(), scan.begin(), scan.end());
  return jpeg + Bytes{std::byte{0xFF}, std::byte{0xD9}};
}

Bytes cmyk_picture() {
  std::vector<unsigned char> pixels(400 * 300 * 4, 90);
  unsigned char* out = nullptr;
  unsigned long size = 0;
  const auto turbo = tjInitCompress();
  if (tjCompress2(turbo, pixels.data(), 400, 0, 300, TJPF_CMYK, &out, &size, TJSAMP_444, 80, 0) != 0)
    FAIL(tjGetErrorStr2(turbo));
  const auto* first = reinterpret_cast<const std::byte*>(out);
  Bytes jpeg{first, first + size};
  tjFree(out);
  tjDestroy(turbo);
  return jpeg;
}

/// A PNG of this kind up to its first chunk after the header, whose bytes nobody inflates.
Bytes png(int bits, int interlace, const std::string& chunk) {
  const auto big = [](std::uint32_t v) {
    auto text = little(v, 4);
    return std::string{text.rbegin(), text.rend()};
  };
  const auto header =
      big(400) + big(300) + static_cast<char>(bits) + std::string{"\x02\0\0", 3} + static_cast<char>(interlace);
  const std::string bomb(1'000'000, '\0');
  return bytes_from("\x89PNG\r\n\x1A\n" + big(13) + "IHDR" + header + "CRC!" + big(1'000'000) + chunk + bomb + "CRC!");
}

Refusal refusal_of(const Bytes& bytes, const std::string& name = "file.jpg") {
  const auto result = decoded(file_of(bytes, name));
  REQUIRE(result.report.refusal);
  REQUIRE(result.captures.empty());
  return *result.report.refusal;
}

/// A place in doubles, which the format does not forbid.
std::string exif_with_double_latitude(double latitude) {
  const auto bits = std::bit_cast<std::uint64_t>(latitude);
  return tiff_start() + little(1, 2) + entry(kGpsDirectory, kLong, 1, 26) + little(0, 4) + little(4, 2) +
         entry(1, kAscii, 2, 'N') + entry(2, kDouble, 3, 80) + entry(3, kAscii, 2, 'E') + entry(4, kDouble, 3, 80) +
         little(0, 4) + little(bits, 8) + little(bits, 8) + little(bits, 8);
}

}  // namespace

TEST_CASE("a picture that can't be used is refused with its reason, whatever its name says") {
  const auto good = good_picture();
  const auto progressive = with_tags(make_jpeg(400, 300, true), place_tags() + time_tags());
  struct Known {
    const char* what;
    Bytes bytes;
    Refusal expected;
  };
  const std::vector<Known> known{
      {"empty", {}, {Reason::empty_file, ""}},
      {"one byte", Bytes{std::byte{0xFF}}, {Reason::not_supported, ""}},
      {"only the first marker", Bytes(good.begin(), good.begin() + 3), {Reason::broken_file, "no frame header"}},
      {"half of it",
       Bytes(good.begin(), good.begin() + std::ssize(good) / 2),
       {Reason::broken_file, "the picture data end early"}},
      {"all but the last byte",
       Bytes(good.begin(), good.end() - 1),
       {Reason::broken_file, "the picture data end early"}},
      {"65,500 px a side",
       with_frame_header(good, {.height_px = 65'500, .width_px = 65'500}),
       {Reason::picture_too_large, "65500 x 65500 pixels"}},
      {"just above the cap",
       with_frame_header(good, {.height_px = 8001, .width_px = 8000}),
       {Reason::picture_too_large, "8000 x 8001 pixels"}},
      {"1 x 65,000",
       with_frame_header(good, {.height_px = 65'000, .width_px = 1}),
       {Reason::picture_too_small, "1 x 65000 pixels"}},
      {"no size", with_frame_header(good, {.height_px = 0}), {Reason::broken_file, "the header says no size"}},
      {"a thousand scans", with_scans(good, 999), {Reason::broken_file, "1000 scans"}},
      {"a thousand progressive scans",
       with_scans(progressive, 1000 - outline_of(progressive).scans),
       {Reason::broken_file, "1000 scans"}},
      {"CMYK", cmyk_picture(), {Reason::not_supported, "4 colour components, as CMYK has: send RGB or grey"}},
      {"two components",
       with_frame_header(good, {.components = 2}),
       {Reason::not_supported, "2 colour components, as CMYK has: send RGB or grey"}},
      {"12 bits",
       with_frame_header(good, {.marker = 0xC1, .bits = 12}),
       {Reason::not_supported, "12 bits a sample: send 8"}},
      {"arithmetic",
       with_frame_header(good, {.marker = 0xC9}),
       {Reason::not_supported, "arithmetic coding: send a baseline or progressive JPEG"}},
      {"lossless",
       with_frame_header(good, {.marker = 0xC3}),
       {Reason::not_supported, "lossless or hierarchical coding: send a baseline or progressive JPEG"}},
      {"a page before the picture",
       bytes_from("<html><script>alert(1)</script></html>") + good,
       {Reason::not_supported, "a web page: send the picture itself"}},
      {"an archive before the picture",
       bytes_from("PK\x03\x04") + good,
       {Reason::not_supported, "a ZIP archive: send its files"}},
      {"PNG, zTXt bomb", png(8, 0, "zTXt"), {Reason::not_supported, "a PNG picture: send JPEG"}},
      {"PNG, iCCP bomb", png(8, 0, "iCCP"), {Reason::not_supported, "a PNG picture: send JPEG"}},
      {"PNG of 16 bits", png(16, 0, "IDAT"), {Reason::not_supported, "a PNG picture: send JPEG"}},
      {"PNG, interlaced", png(8, 1, "IDAT"), {Reason::not_supported, "a PNG picture: send JPEG"}}};
  for (const auto& one : known) {
    CAPTURE(one.what);
    CHECK(refusal_of(one.bytes) == one.expected);
    CHECK(refusal_of(one.bytes, "holiday.mp4") == one.expected);
  }
}

TEST_CASE("a picture of just the cap's 64 megapixels is taken") {
  const auto bytes = with_frame_header(good_picture(), {.height_px = 8000, .width_px = 8000});
  CHECK(std::holds_alternative<Capture>(read_picture(file_of(bytes), {})));
}

TEST_CASE("bytes say what a file is, its name doesn't") {
  const auto picture = good_picture();
  CHECK(decoded(file_of(picture, "track.gpx")).report.kind == FileKind::picture);
  CHECK(decoded(file_of(picture, "track.gpx")).report.frames == 1);
  const auto movie = make_movie({.width_px = 64, .height_px = 48, .seconds = 1, .telemetry = {}});
  CHECK(decoded(file_of(movie, "picture.jpg")).report.kind == FileKind::video);
}

TEST_CASE("a picture with something else behind it or in its comment is a picture, the same as without") {
  const auto plain = good_picture();
  const auto archive = plain + bytes_from("PK\x03\x04 an archive, which readers of archives find from the end");
  const auto page = with_segment(plain, 0xFE, "<html><script>alert(1)</script></html>");
  for (const auto& polyglot : {archive, page}) {
    const auto result = decoded(file_of(polyglot));
    REQUIRE(result.report.frames == 1);
    CHECK(result.captures[0].fix.place == decoded(file_of(plain)).captures[0].fix.place);
    CHECK(scan_hash_of(polyglot) == scan_hash_of(plain));
  }
}

TEST_CASE("a place that is no number is none") {
  for (const double latitude :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), 1e308}) {
    auto file_bytes = with_raw_exif(make_jpeg(), exif_with_double_latitude(latitude));
    auto file = file_of(file_bytes);
    file.overrides.taken_at = utc("2026-04-30T10:20:30Z");
    const auto read = read_picture(file, {});
    CAPTURE(latitude);
    REQUIRE(std::holds_alternative<Refusal>(read));
    const auto reason = std::get<Refusal>(read).reason;
    CHECK((reason == Reason::no_place || reason == Reason::impossible_place));
  }
}

TEST_CASE("the receiver's clock is judged like the camera's") {
  const auto dated = [](const char* date) {
    return refusal_of(with_tags(make_jpeg(), place_tags() + Tags{{"Exif.GPSInfo.GPSDateStamp", date},
                                                                 {"Exif.GPSInfo.GPSTimeStamp", "10/1 20/1 30/1"}}));
  };
  CHECK(dated("1970:01:01") == Refusal{Reason::impossible_time, "1970-01-01T10:20:30.000000Z lies before 2000"});
  CHECK(dated("2099:01:01") ==
        Refusal{Reason::impossible_time,
                "2099-01-01T10:20:30.000000Z lies after its arrival at 2026-05-01T12:00:00.000000Z"});
}

TEST_CASE("entries that all claim the whole block are read without harm") {
  constexpr int kEntries = 255;  // Exiv2 reads no directory with more
  const int start = 8 + 2 + kEntries * 12 + 4, size = 65'000 - start;
  for (const auto type : {kUndefined, kAscii}) {
    auto tiff = tiff_start() + little(kEntries, 2);
    for (int i = 0; i < kEntries; ++i)
      tiff += entry(0x9000 + i, type, static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(start));
    CHECK(refusal_of(with_raw_exif(make_jpeg(), tiff + little(0, 4) + std::string(static_cast<std::size_t>(size), 'x')))
              .reason == Reason::no_time);
  }
}

TEST_CASE("a thumbnail that shows another picture changes nothing") {
  const auto thumbnail = make_jpeg(160, 120);
  const auto plain = good_picture();
  const auto view = text_of(thumbnail);
  // The second directory: JPEG compression, where the thumbnail starts, how long it is.
  const auto tiff = tiff_start() + little(0, 2) + little(14, 4) + little(3, 2) + entry(0x0103, kLong, 1, 6) +
                    entry(0x0201, kLong, 1, 56) + entry(0x0202, kLong, 1, static_cast<std::uint32_t>(view.size())) +
                    little(0, 4) + std::string{view};
  auto file_bytes = with_raw_exif(make_jpeg(), tiff);
  auto file = file_of(file_bytes);
  file.overrides = {
      .taken_at = utc("2026-04-30T10:20:30Z"), .place = LatLon::from_degrees(55.7, 13.19), .heading_deg = {}};
  const auto capture = std::get<Capture>(read_picture(file, {}));
  CHECK(capture.camera.width_px == 400);
  CHECK(capture.camera.height_px == 300);
  CHECK(scan_hash_of(file_bytes) == scan_hash_of(plain));
}
