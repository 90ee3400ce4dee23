#include "vision/picture.hpp"

#include "tests/catch.hpp"
#include "tests/vision/pictures.hpp"

using namespace cairn;
using namespace cairn::testing;
using namespace cairn::vision;

namespace {

Reason reason_of(ByteView jpeg) { return std::get<Refusal>(read_jpeg_header(jpeg, {})).reason; }

/// The JPEG with another size (and precision) written into its frame header.
Bytes with_frame(Bytes jpeg, int width, int height, int bits = 8) {
  const auto at = text_of(jpeg).find("\xFF\xC0");
  REQUIRE(at != std::string_view::npos);
  const std::array values{bits, height / 256, height % 256, width / 256, width % 256};
  for (std::size_t i = 0; i < values.size(); ++i) jpeg[at + 4 + i] = static_cast<std::byte>(values[i]);
  return jpeg;
}

/// 0-255: how far two pictures are apart on average.
double difference(const cv::Mat& a, const cv::Mat& b) {
  return cv::norm(a, b, cv::NORM_L1) / static_cast<double>(a.total() * 3);
}

/// What turns an upright picture into one stored with this EXIF orientation: the inverse of what a viewer does.
cv::Mat stored_with(int orientation, const cv::Mat& upright) {
  cv::Mat stored = upright.clone();
  if (orientation == 6) cv::rotate(upright, stored, cv::ROTATE_90_COUNTERCLOCKWISE);
  if (orientation == 8) cv::rotate(upright, stored, cv::ROTATE_90_CLOCKWISE);
  if (orientation == 3) cv::rotate(upright, stored, cv::ROTATE_180);
  if (orientation == 2) cv::flip(upright, stored, 1);
  if (orientation == 4) cv::flip(upright, stored, 0);
  if (orientation == 5) cv::transpose(upright, stored);
  if (orientation == 7) {
    cv::transpose(upright, stored);
    cv::flip(stored.clone(), stored, -1);
  }
  return stored;
}

}  // namespace

TEST_CASE("the header gives the size") {
  const auto header = std::get<JpegHeader>(read_jpeg_header(jpeg_of(scene(323, 241, 1)), {}));
  REQUIRE(header.width_px == 323);
  REQUIRE(header.height_px == 241);
}

TEST_CASE("what is no picture of ours is refused by its header, with the reason") {
  const auto jpeg = jpeg_of(scene(320, 240, 1));
  REQUIRE(reason_of({}) == Reason::empty_file);
  REQUIRE(reason_of(bytes_of("<html>")) == Reason::not_supported);
  REQUIRE(reason_of(bytes_of("\xFF\xD8")) == Reason::broken_file);
  REQUIRE(reason_of(ByteView{jpeg}.first(40)) == Reason::broken_file);
  REQUIRE(reason_of(jpeg_of(scene(320, 240, 1), {.stored = JCS_CMYK})) == Reason::not_supported);
  REQUIRE(reason_of(jpeg_of(scene(320, 240, 1), {.arithmetic = true})) == Reason::not_supported);
  REQUIRE(reason_of(with_frame(jpeg, 320, 240, 12)) == Reason::not_supported);
  REQUIRE(reason_of(with_frame(jpeg, 65'500, 65'500)) == Reason::picture_too_large);
  REQUIRE(reason_of(with_frame(jpeg, 65'535, 65'535)) == Reason::picture_too_large);
  REQUIRE(reason_of(with_frame(jpeg, 8'001, 8'000)) == Reason::picture_too_large);
  REQUIRE(reason_of(with_frame(jpeg, 1, 65'000)) == Reason::picture_too_small);
  REQUIRE(reason_of(with_frame(jpeg, 0, 240)) == Reason::broken_file);
}

TEST_CASE("the refusal of a size says the size") {
  const auto refusal = std::get<Refusal>(read_jpeg_header(jpeg_of(scene(100, 90, 1)), {}));
  REQUIRE(refusal.detail == "100 x 90 pixels");
}

TEST_CASE("a progressive picture with a thousand scans is refused before any is decoded") {
  auto jpeg = jpeg_of(scene(320, 240, 1), {.progressive = true});
  REQUIRE(std::holds_alternative<JpegHeader>(read_jpeg_header(jpeg, {})));
  const std::string scan{"\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00", 10};
  jpeg.resize(jpeg.size() - 2);
  for (int i = 0; i < 1000; ++i) {
    for (const auto byte : bytes_of(scan)) jpeg.push_back(byte);
  }
  REQUIRE(reason_of(jpeg) == Reason::broken_file);
}

TEST_CASE("a picture that misses its end is broken, wherever it was cut") {
  for (const bool progressive : {false, true}) {
    const auto jpeg = jpeg_of(scene(320, 240, 1), {.progressive = progressive});
    REQUIRE(std::holds_alternative<cv::Mat>(decode_jpeg(jpeg)));
    for (const std::size_t missing : {std::size_t{1}, std::size_t{2}, std::size_t{50}, jpeg.size() / 2}) {
      REQUIRE(std::get<Refusal>(decode_jpeg(ByteView{jpeg}.first(jpeg.size() - missing))).reason ==
              Reason::broken_file);
    }
  }
}

TEST_CASE("what stands behind the end of a picture doesn't matter") {
  auto jpeg = jpeg_of(scene(320, 240, 1));
  jpeg.insert(jpeg.end(), 1000, std::byte{0});
  REQUIRE(std::holds_alternative<cv::Mat>(decode_jpeg(jpeg)));
}

TEST_CASE("a scaled decode rounds its size up") {
  const auto half = std::get<cv::Mat>(decode_jpeg(jpeg_of(scene(323, 241, 1)), 4));
  REQUIRE(half.size() == cv::Size(162, 121));
}

TEST_CASE("each EXIF orientation is turned upright, losslessly or not") {
  for (const auto size : {cv::Size{320, 240}, cv::Size{323, 241}}) {
    const auto upright = scene(size.width, size.height, 1);
    for (int orientation = 1; orientation <= 8; ++orientation) {
      CAPTURE(size.width, orientation);
      const auto stored = jpeg_of(stored_with(orientation, upright), {.h = 1, .v = 1, .quality = 95});
      const auto turned = pixels_of(std::get<Bytes>(turned_upright(stored, orientation)));
      REQUIRE(turned.size() == upright.size());
      REQUIRE(difference(turned, upright) < 6);
    }
  }
}

TEST_CASE("a truncated picture isn't turned") {
  const auto jpeg = jpeg_of(scene(320, 240, 1));
  REQUIRE(std::get<Refusal>(turned_upright(ByteView{jpeg}.first(jpeg.size() / 2), 6)).reason == Reason::broken_file);
}
