#include "vision/redact.hpp"

#include "tests/catch.hpp"
#include "tests/vision/pictures.hpp"

#include <cmath>
#include <cstring>
#include <set>

using namespace cairn;
using namespace cairn::testing;
using vision::redacted;

namespace {

using Block = std::array<short, 64>;

/// All coefficients of a JPEG, read back by libjpeg.
struct Coefficients {
  struct Plane {
    int width = 0, height = 0;  ///< in blocks
    int h = 1, v = 1;
    std::array<unsigned short, 64> quantisers{};
    std::vector<Block> blocks;
    const Block& at(int x, int y) const {
      return blocks[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
    }
  };
  int width_px = 0, height_px = 0, mcu_width = 8, mcu_height = 8;
  std::vector<Plane> planes;
};

Coefficients coefficients_of(ByteView jpeg) {
  vision::JpegReader reader{jpeg};
  auto& info = reader.info;
  jvirt_barray_ptr* arrays = nullptr;
  Coefficients all;
  REQUIRE(reader.read_header());
  REQUIRE(vision::guarded(reader.errors, [&] { arrays = jpeg_read_coefficients(&info); }));
  all.width_px = static_cast<int>(info.image_width);
  all.height_px = static_cast<int>(info.image_height);
  all.mcu_width = info.max_h_samp_factor * 8;
  all.mcu_height = info.max_v_samp_factor * 8;
  for (int c = 0; c < info.num_components; ++c) {
    const auto& component = info.comp_info[c];
    Coefficients::Plane plane{static_cast<int>(component.width_in_blocks),
                              static_cast<int>(component.height_in_blocks),
                              component.h_samp_factor,
                              component.v_samp_factor,
                              {},
                              {}};
    std::memcpy(plane.quantisers.data(), component.quant_table->quantval, sizeof plane.quantisers);
    for (int y = 0; y < plane.height; ++y) {
      auto* row = info.mem->access_virt_barray(reinterpret_cast<j_common_ptr>(&info), arrays[c],
                                               static_cast<JDIMENSION>(y), 1, FALSE)[0];
      for (int x = 0; x < plane.width; ++x) {
        Block block;
        std::memcpy(block.data(), row[x], sizeof block);
        plane.blocks.push_back(block);
      }
    }
    all.planes.push_back(std::move(plane));
  }
  return all;
}

/// Whether an MCU may differ: it touches a box that has grown by 20 %.
bool may_differ(const std::vector<Detection>& hidden, double left, double top, double right, double bottom) {
  for (const auto& [object, box, score] : hidden) {
    const double dx = box.width() * 0.1 + 0.01, dy = box.height() * 0.1 + 0.01;
    if (left <= box.right + dx && right >= box.left - dx && top <= box.bottom + dy && bottom >= box.top - dy)
      return true;
  }
  return false;
}

/// Whether an MCU must be hidden: it touches the box itself.
bool must_be_hidden(const std::vector<Detection>& hidden, double left, double top, double right, double bottom) {
  for (const auto& [object, box, score] : hidden) {
    if (left < box.right && right > box.left && top < box.bottom && bottom > box.top) return true;
  }
  return false;
}

bool has_texture(const Block& block) {
  return std::any_of(block.begin() + 1, block.end(), [](short value) { return value != 0; });
}

void check_law(const Bytes& jpeg, const std::vector<Detection>& hidden) {
  const auto result = redacted(jpeg, hidden);
  REQUIRE(std::holds_alternative<Bytes>(result));
  const auto before = coefficients_of(jpeg), after = coefficients_of(std::get<Bytes>(result));
  REQUIRE(after.width_px == before.width_px);
  REQUIRE(after.height_px == before.height_px);
  REQUIRE(after.planes.size() == before.planes.size());
  int changed_outside = 0, texture_inside = 0;
  for (std::size_t c = 0; c < before.planes.size(); ++c) {
    const auto &old_plane = before.planes[c], &new_plane = after.planes[c];
    REQUIRE(old_plane.quantisers == new_plane.quantisers);
    REQUIRE(old_plane.blocks.size() == new_plane.blocks.size());
    for (int y = 0; y < old_plane.height; ++y) {
      for (int x = 0; x < old_plane.width; ++x) {
        const double left = x / old_plane.h * before.mcu_width, top = y / old_plane.v * before.mcu_height;
        const double right = left + before.mcu_width, bottom = top + before.mcu_height;
        if (!may_differ(hidden, left, top, right, bottom)) changed_outside += old_plane.at(x, y) != new_plane.at(x, y);
        if (must_be_hidden(hidden, left, top, right, bottom)) texture_inside += has_texture(new_plane.at(x, y));
      }
    }
  }
  REQUIRE(changed_outside == 0);
  REQUIRE(texture_inside == 0);
}

std::vector<Detection> random_boxes(Random& random, int width, int height) {
  std::vector<Detection> boxes;
  for (auto n = random.whole(0, 4); n > 0; --n) {
    const double left = random.between(0, width), top = random.between(0, height);
    const double right = std::min<double>(width, left + random.between(0, width / 3.0)),
                 bottom = std::min<double>(height, top + random.between(0, height / 3.0));
    const Box box{static_cast<float>(left), static_cast<float>(top), static_cast<float>(right),
                  static_cast<float>(bottom)};
    boxes.push_back({n % 2 ? ObjectClass::head : ObjectClass::plate, box, 0.9f});
  }
  return boxes;
}

const Detection plate_in_the_middle{ObjectClass::plate, {100, 80, 180, 110}, 0.9f};
const Detection head_in_the_middle{ObjectClass::head, {60, 40, 220, 200}, 0.9f};

std::set<int> greys_in(const cv::Mat& picture, const cv::Rect& area) {
  cv::Mat grey;
  cv::cvtColor(picture(area), grey, cv::COLOR_BGR2GRAY);
  return {grey.begin<std::uint8_t>(), grey.end<std::uint8_t>()};
}

bool contains(ByteView bytes, std::string_view text) { return text_of(bytes).find(text) != std::string_view::npos; }

}  // namespace

TEST_CASE("outside the hidden MCUs every coefficient stays, inside none but the mean does") {
  Random random{seed_of_run()};
  CAPTURE(seed_of_run());
  const std::vector<JpegForm> forms{{},
                                    {.h = 2, .v = 1},
                                    {.h = 1, .v = 1},
                                    {.h = 1, .v = 2},
                                    {.stored = JCS_GRAYSCALE},
                                    {.stored = JCS_RGB, .h = 1, .v = 1},
                                    {.progressive = true},
                                    {.h = 1, .v = 1, .progressive = true},
                                    {.restart_interval = 7}};
  for (int round = 0; round < 36; ++round) {
    auto form = forms[static_cast<std::size_t>(round) % forms.size()];
    form.quality = static_cast<int>(random.whole(30, 100));
    const int width = static_cast<int>(random.whole(16, 400)), height = static_cast<int>(random.whole(16, 300));
    CAPTURE(round, width, height, form.quality);
    check_law(jpeg_of(scene(width, height, static_cast<std::uint64_t>(round)), form),
              random_boxes(random, width, height));
  }
}

TEST_CASE("a picture with nothing to hide keeps every coefficient") { check_law(jpeg_of(scene(333, 222, 5)), {}); }

TEST_CASE("a hidden plate is one flat colour") {
  const auto result = redacted(jpeg_of(scene(320, 240, 1)), std::vector{plate_in_the_middle});
  // A decoder that smooths the colours between blocks reaches one pixel into the area: look further inside.
  REQUIRE(greys_in(pixels_of(std::get<Bytes>(result)), {100, 84, 80, 24}).size() == 1);
}

TEST_CASE("a hidden head has at most 5 x 5 cells, however large it is") {
  const auto result = redacted(jpeg_of(scene(320, 240, 1), {.h = 1, .v = 1}), std::vector{head_in_the_middle});
  const auto greys = greys_in(pixels_of(std::get<Bytes>(result)), {60, 40, 160, 160});
  REQUIRE(greys.size() <= 25);
  REQUIRE(greys.size() >= 5);
}

TEST_CASE("the cells of a hidden head are not its means: noise from the content changes them") {
  const cv::Mat flat(240, 320, CV_8UC3, cv::Scalar{120, 120, 120});
  const auto result = redacted(jpeg_of(flat, {.h = 1, .v = 1}), std::vector{head_in_the_middle});
  REQUIRE(greys_in(pixels_of(std::get<Bytes>(result)), {60, 40, 160, 160}).size() >= 5);
}

TEST_CASE("redaction gives the same bytes twice") {
  const auto jpeg = jpeg_of(scene(320, 240, 1));
  const std::vector hidden{plate_in_the_middle, head_in_the_middle};
  REQUIRE(std::get<Bytes>(redacted(jpeg, hidden)) == std::get<Bytes>(redacted(jpeg, hidden)));
}

TEST_CASE("no metadata of the original is left") {
  auto jpeg = jpeg_of(scene(320, 240, 1));
  jpeg = with_segment(jpeg, 0xE1, std::string("Exif\0\0secret place", 18).append(text_of(jpeg_of(scene(64, 48, 1)))));
  jpeg = with_segment(jpeg, 0xE2, "MPF secret preview");
  jpeg = with_segment(jpeg, 0xE2, "ICC_PROFILE secret");
  jpeg = with_segment(jpeg, 0xED, "Photoshop secret");
  jpeg = with_segment(jpeg, 0xFE, "secret comment");
  for (const auto byte : bytes_of("secret tail")) jpeg.push_back(byte);
  const auto result = std::get<Bytes>(redacted(jpeg, std::vector{plate_in_the_middle}));
  REQUIRE(contains(jpeg, "secret"));
  for (const auto* word : {"secret", "Exif", "MPF", "ICC", "Photoshop"}) REQUIRE_FALSE(contains(result, word));
  // One picture only: no second start-of-image marker.
  REQUIRE(text_of(result).find("\xFF\xD8\xFF", 1) == std::string_view::npos);
}

TEST_CASE("a box that can't be placed stops the redaction") {
  const auto jpeg = jpeg_of(scene(320, 240, 1));
  const float nan = std::nanf("");
  for (const Box& box : {Box{nan, 0, 10, 10}, Box{0, 0, INFINITY, 10}, Box{400, 10, 420, 20}, Box{50, 50, 40, 60},
                         Box{-20, -20, -10, -10}}) {
    const auto result = redacted(jpeg, std::vector{Detection{ObjectClass::plate, box, 0.9f}});
    REQUIRE(std::get<Refusal>(result).reason == Reason::redaction_failed);
  }
}

TEST_CASE("a box without area still hides the block it touches") {
  const auto jpeg = jpeg_of(scene(320, 240, 1));
  const auto result = redacted(jpeg, std::vector{Detection{ObjectClass::plate, {320, 240, 320, 240}, 0.9f}});
  REQUIRE_FALSE(has_texture(coefficients_of(std::get<Bytes>(result)).planes[0].blocks.back()));
}

TEST_CASE("a picture that can't be read without loss is never redacted") {
  const auto jpeg = jpeg_of(scene(320, 240, 1));
  for (const std::size_t size : {std::size_t{0}, std::size_t{2}, jpeg.size() / 3, jpeg.size() - 2}) {
    const auto result = redacted(ByteView{jpeg}.first(size), std::vector{plate_in_the_middle});
    REQUIRE(std::get<Refusal>(result).reason == Reason::broken_file);
  }
  const auto cmyk = redacted(jpeg_of(scene(320, 240, 1), {.stored = JCS_CMYK}), {});
  REQUIRE(std::get<Refusal>(cmyk).reason == Reason::not_supported);
}

TEST_CASE("random damage gives a picture or a refusal, nothing else") {
  Random random{seed_of_run()};
  const auto whole = jpeg_of(scene(160, 120, 3), {.progressive = true});
  for (int round = 0; round < 300; ++round) {
    auto jpeg = whole;
    for (auto n = random.whole(1, 6); n > 0; --n) {
      jpeg[static_cast<std::size_t>(random.whole(0, static_cast<std::int64_t>(jpeg.size()) - 1))] =
          static_cast<std::byte>(random.whole(0, 255));
    }
    // A damaged size may ask for much memory; what the header check lets through at most is tested with it.
    vision::JpegReader header{jpeg};
    if (!header.read_header() || header.info.image_width > 1000 || header.info.image_height > 1000) continue;
    const auto result = redacted(jpeg, std::vector{Detection{ObjectClass::head, {10, 10, 60, 60}, 0.9f}});
    if (const auto* bytes = std::get_if<Bytes>(&result)) REQUIRE_FALSE(pixels_of(*bytes).empty());
  }
}
