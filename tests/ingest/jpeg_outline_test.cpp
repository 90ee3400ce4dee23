#include "ingest/jpeg_outline.hpp"

#include "tests/catch.hpp"
#include "tests/ingest/make_picture.hpp"

using namespace cairn;
using namespace cairn::ingest;
using cairn::testing::make_jpeg;
using cairn::testing::with_tags;

namespace {

Reason refusal_of(const Bytes& jpeg, const DecodeRules& rules = {}) { return check_outline(outline_of(jpeg), rules)->reason; }

/// The picture with other numbers in its frame header: sample precision, height, width.
Bytes with_frame_header(Bytes jpeg, int bits, int height_px, int width_px) {
  JpegWalk walk{jpeg};
  while (const auto segment = walk.next()) {
    if (segment->marker != 0xC0) continue;
    auto* header = const_cast<std::byte*>(segment->bytes.data());
    header[4] = std::byte(bits);
    header[5] = std::byte(height_px >> 8);
    header[6] = std::byte(height_px & 0xFF);
    header[7] = std::byte(width_px >> 8);
    header[8] = std::byte(width_px & 0xFF);
    return jpeg;
  }
  return {};
}

}  // namespace

TEST_CASE("the outline of a JPEG holds its size and scans") {
  const auto baseline = outline_of(make_jpeg(400, 300));
  REQUIRE(baseline.width_px == 400);
  REQUIRE(baseline.height_px == 300);
  REQUIRE(baseline.scans == 1);
  REQUIRE(baseline.complete);
  REQUIRE(outline_of(make_jpeg(400, 300, true)).scans > 1);
  REQUIRE_FALSE(check_outline(baseline, {}));
}

TEST_CASE("a picture that can't be used is refused by its headers") {
  const auto jpeg = make_jpeg();
  CHECK(refusal_of(make_jpeg(100, 100)) == Reason::picture_too_small);
  CHECK(refusal_of(with_frame_header(jpeg, 8, 65'500, 65'500)) == Reason::picture_too_large);
  CHECK(refusal_of(with_frame_header(jpeg, 8, 1, 65'000)) == Reason::picture_too_small);
  CHECK(refusal_of(with_frame_header(jpeg, 12, 300, 400)) == Reason::not_supported);
  CHECK(refusal_of(with_frame_header(jpeg, 8, 0, 400)) == Reason::broken_file);
  CHECK(check_outline(outline_of(with_frame_header(jpeg, 8, 65'500, 65'500)), {})->detail == "65500 x 65500 pixels");
}

TEST_CASE("a picture that ends early is broken, wherever it ends") {
  const auto jpeg = make_jpeg();
  for (std::size_t size = 2; size < jpeg.size(); size += 37) {
    const Bytes cut{jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(size)};
    REQUIRE(refusal_of(cut) == Reason::broken_file);
  }
}

TEST_CASE("a thousand scans are refused") {
  auto jpeg = make_jpeg();
  Bytes scan;
  JpegWalk walk{jpeg};
  while (const auto segment = walk.next()) {
    if (segment->marker == 0xDA) scan.assign(segment->bytes.begin(), segment->bytes.end());
  }
  jpeg.resize(jpeg.size() - 2);
  for (int i = 0; i < 1000; ++i) jpeg.insert(jpeg.end(), scan.begin(), scan.end());
  jpeg.insert(jpeg.end(), {std::byte{0xFF}, std::byte{0xD9}});
  REQUIRE(check_outline(outline_of(jpeg), {}) == Refusal{Reason::broken_file, "1001 scans"});
}

TEST_CASE("the scan hash survives new metadata and nothing else") {
  const auto jpeg = make_jpeg();
  const auto hash = scan_hash_of(jpeg);
  REQUIRE(hash);
  CHECK(scan_hash_of(with_tags(jpeg, testing::place_tags())) == hash);
  CHECK(scan_hash_of(with_tags(jpeg, {{"Exif.Image.ImageDescription", std::string(5000, 'x')}})) == hash);
  auto trailing = jpeg;
  trailing.resize(jpeg.size() + 100);
  CHECK(scan_hash_of(trailing) == hash);
  auto changed = jpeg;
  changed[jpeg.size() - 50] ^= std::byte{1};
  CHECK(scan_hash_of(changed) != hash);
  CHECK_FALSE(scan_hash_of(bytes_of("no picture")));
  CHECK_FALSE(scan_hash_of({}));
}
