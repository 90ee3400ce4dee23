#include "ingest/heif.hpp"

#include "ingest/heif_claims.hpp"
#include "ingest/jpeg_outline.hpp"
#include "tests/catch.hpp"
#include "tests/fuzz/ingest_entries.hpp"
#include "tests/ingest/file_to_decode.hpp"
#include "tests/ingest/make_heif.hpp"
#include "tests/ingest/make_picture.hpp"
#include "tests/ingest/raw_exif.hpp"
#include "tests/random.hpp"

#include <turbojpeg.h>

using namespace cairn;
using namespace cairn::ingest;
using namespace cairn::testing;

namespace {

/// The EXIF block that a JPEG with these tags has.
Bytes exif_of(const Tags& tags) {
  const auto jpeg = with_tags(make_jpeg(), tags);
  const auto exif = outline_of(jpeg).exif;
  return {exif.begin(), exif.end()};
}

/// Of a JPEG: red, green and blue at a pixel.
std::array<int, 3> colour_at(const Bytes& jpeg, int x, int y) {
  const auto outline = outline_of(jpeg);
  std::vector<unsigned char> pixels(static_cast<std::size_t>(outline.width_px * outline.height_px * 3));
  const auto turbo = tjInitDecompress();
  const int failed = tjDecompress2(turbo, reinterpret_cast<const unsigned char*>(jpeg.data()), jpeg.size(),
                                   pixels.data(), outline.width_px, 0, outline.height_px, TJPF_RGB, 0);
  tjDestroy(turbo);
  if (failed) FAIL("the JPEG can't be decoded");
  const auto* pixel = pixels.data() + (y * outline.width_px + x) * 3;
  return {pixel[0], pixel[1], pixel[2]};
}

}  // namespace

TEST_CASE("a HEIC picture becomes a JPEG with the same scene, and its EXIF says place and time") {
  const auto heif = make_heif(
      640, 480,
      exif_of(place_tags() + time_tags() + Tags{{"Exif.Image.Make", "Maker"}, {"Exif.Image.Orientation", "6"}}));
  if (!heif) return;
  const auto result = decoded(file_of(*heif, "IMG_1.HEIC"));
  REQUIRE_FALSE(result.report.refusal);
  REQUIRE(result.report.kind == FileKind::picture);
  const auto& capture = result.captures.at(0);
  CHECK(capture.fix.place == *LatLon::from_degrees(55.7, 13.19));
  CHECK(capture.fix.taken_at == utc("2026-04-30T10:20:30Z"));
  CHECK(capture.camera.make == "Maker");
  CHECK(capture.camera.width_px == 640);
  CHECK(capture.orientation == 1);  // HEIF turns pictures by itself
  CHECK(capture.id == frame_id_of(AccountId::derived_from({"tester"}), sha256_of(ByteView{*heif}), 0));
  const auto& jpeg = result.jpegs.at(0);
  REQUIRE_FALSE(check_outline(outline_of(jpeg), {}));
  CHECK(outline_of(jpeg).exif.empty());
  const auto colour = colour_at(jpeg, 480, 120);
  CHECK(std::abs(colour[0] - 191) < 12);
  CHECK(std::abs(colour[1] - 64) < 12);
  CHECK(std::abs(colour[2] - 64) < 12);
}

TEST_CASE("a HEIC picture is judged like a JPEG before a pixel is decoded") {
  const auto exif = exif_of(place_tags() + time_tags());
  const auto small = make_heif(128, 96, exif), bare = make_heif(640, 480, {});
  if (!small || !bare) return;
  CHECK(decoded(file_of(*small)).report.refusal == Refusal{Reason::picture_too_small, "128 x 96 pixels"});
  CHECK(decoded(file_of(*bare)).report.refusal->reason == Reason::no_time);
  const auto large = make_heif(640, 480, exif);
  const DecodeRules least{.most_pixels = 300'000};
  CHECK(decoded(file_of(*large), least).report.refusal == Refusal{Reason::picture_too_large, "640 x 480 pixels"});
}

TEST_CASE("an XMP packet in a HEIC says that it is a 360 picture") {
  const std::string xmp =
      R"(<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">)"
      R"(<rdf:Description xmlns:GPano="http://ns.google.com/photos/1.0/panorama/" GPano:ProjectionType="equirectangular"/>)"
      R"(</rdf:RDF></x:xmpmeta>)";
  const auto heif = make_heif(640, 320, exif_of(place_tags() + time_tags()), xmp);
  if (!heif) return;
  CHECK(decoded(file_of(*heif)).captures.at(0).camera.projection == Projection::equirectangular);
}

TEST_CASE("a HEIC picture that ends early is broken, and one of any bytes does no harm") {
  const auto heif = make_heif(640, 480, exif_of(place_tags() + time_tags()));
  if (!heif) return;
  for (const auto share : {1, 2, 3}) {
    const Bytes cut{heif->begin(), heif->begin() + std::ssize(*heif) * share / 4};
    CHECK(decoded(file_of(cut)).report.refusal.has_value());
  }
  const auto seed = seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  for (int i = 0; i < 300; ++i) {
    auto bytes = *heif;
    for (auto n = random.whole(1, 6); n > 0; --n)
      bytes[static_cast<std::size_t>(random.whole(12, std::ssize(bytes) - 1))] = std::byte(random.whole(0, 255));
    fuzz::picture(bytes);
  }
}

TEST_CASE("a HEIF whose items name the same bytes again and again is refused before they are copied") {
  const auto box = [](const std::string& type, const std::string& content) {
    auto size = little(content.size() + 8, 4);
    return std::string{size.rbegin(), size.rend()} + type + content;
  };
  const auto start = box("ftyp", std::string{"heic\0\0\0\0mif1heic", 16});
  std::string items;
  for (int i = 0; i < 200; ++i) {
    items += std::string{"\0\x01\0\0\0\x20", 6};  // an item of 32 extents, each from byte 0 on, 64 kB long
    for (int extent = 0; extent < 32; ++extent) items += std::string{"\0\0\0\0\0\x01\0\0", 8};
  }
  const auto locations = box("iloc", std::string{"\0\0\0\0\x44\0\0\xC8", 8} + items);
  const auto bomb = start + box("meta", std::string(4, '\0') + locations);
  CHECK(claimed_bytes_of(bytes_of(bomb)) == 200ull * 32 * 65'536);
  CHECK(claimed_bytes_of(bytes_of(start)) == 0);
  CHECK(claimed_bytes_of(bytes_of(bomb.substr(0, bomb.size() - 5))) == 0);  // no whole box
  const auto refusal = heif_outline_of(bytes_of(bomb));
  const auto& said = std::get<Refusal>(refusal);
  CHECK((said.reason == Reason::not_supported || said == Refusal{Reason::broken_file, "its items claim more bytes than it has"}));
}

TEST_CASE("a brand of HEIF that only begins is refused with a reason") {
  const std::string head{
      "\0\0\0\x18"
      "ftypheic\0\0\0\0mif1heic",
      24};
  const auto view = bytes_of(head);
  const auto refusal = decoded(file_of(view)).report.refusal;
  REQUIRE(refusal);
  CHECK((refusal->reason == Reason::broken_file || refusal->reason == Reason::not_supported));
  CHECK_FALSE(refusal->detail.empty());
}
