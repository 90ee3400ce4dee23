#include "ingest/jpeg_outline.hpp"

#include "tests/catch.hpp"
#include "tests/ingest/make_picture.hpp"

using namespace cairn;
using namespace cairn::ingest;
using cairn::testing::make_jpeg;
using cairn::testing::with_tags;

namespace {

Reason outline_refusal(const Bytes& jpeg, const DecodeRules& rules = {}) { return check_outline(outline_of(jpeg), rules)->reason; }

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

TEST_CASE("a picture that ends early is broken, wherever it ends") {
  const auto jpeg = make_jpeg();
  for (std::size_t size = 2; size < jpeg.size(); size += 37) {
    const Bytes cut{jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(size)};
    REQUIRE(outline_refusal(cut) == Reason::broken_file);
  }
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
