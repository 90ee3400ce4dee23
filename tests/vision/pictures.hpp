#pragma once
// Pictures made on the spot for the vision tests.

#include "core/bytes.hpp"
#include "tests/random.hpp"
#include "tests/shared_data.hpp"
#include "vision/jpeg_guard.hpp"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace cairn::testing {

/// A coloured scene: soft clouds, sharp rectangles, fine grain.
inline cv::Mat scene(int width, int height, std::uint64_t seed) {
  Random random{seed};
  const auto level = [&](int low, int high) { return static_cast<double>(random.whole(low, high)); };
  cv::Mat clouds(8, 8, CV_8UC3), picture;
  for (auto& value : cv::Mat_<cv::Vec3b>(clouds)) {
    for (int c = 0; c < 3; ++c) value[c] = static_cast<std::uint8_t>(random.whole(60, 200));
  }
  cv::resize(clouds, picture, {width, height}, 0, 0, cv::INTER_CUBIC);
  for (int i = 0; i < 150; ++i) {
    const int w = static_cast<int>(random.whole(4, width / 8 + 4)),
              h = static_cast<int>(random.whole(4, height / 8 + 4));
    const cv::Point corner(static_cast<int>(random.whole(0, width)), static_cast<int>(random.whole(0, height)));
    cv::rectangle(picture, cv::Rect(corner, cv::Size(w, h)), {level(20, 235), level(20, 235), level(20, 235)},
                  cv::FILLED);
  }
  for (auto& value : cv::Mat_<cv::Vec3b>(picture)) {
    const int grain = static_cast<int>(random.whole(-6, 6));
    for (int c = 0; c < 3; ++c) value[c] = cv::saturate_cast<std::uint8_t>(value[c] + grain);
  }
  return picture;
}

/// How a test JPEG is written; h and v are the luma's sampling factors (1-2).
struct JpegForm {
  J_COLOR_SPACE stored = JCS_YCbCr;
  int h = 2, v = 2;
  bool progressive = false;
  bool arithmetic = false;
  int quality = 90;
  int restart_interval = 0;
};

inline Bytes jpeg_of(const cv::Mat& bgr, const JpegForm& form = {}) {
  vision::JpegWriter writer{4096};
  auto& info = writer.info;
  cv::Mat cmyk;
  if (form.stored == JCS_CMYK) cv::cvtColor(bgr, cmyk, cv::COLOR_BGR2BGRA);
  const cv::Mat& pixels = form.stored == JCS_CMYK ? cmyk : bgr;
  const bool written = vision::guarded(writer.errors, [&] {
    info.image_width = static_cast<JDIMENSION>(pixels.cols);
    info.image_height = static_cast<JDIMENSION>(pixels.rows);
    info.input_components = form.stored == JCS_CMYK ? 4 : 3;
    info.in_color_space = form.stored == JCS_CMYK ? JCS_CMYK : JCS_EXT_BGR;
    jpeg_set_defaults(&info);
    jpeg_set_colorspace(&info, form.stored);
    jpeg_set_quality(&info, form.quality, TRUE);
    if (info.num_components == 3) {
      info.comp_info[0].h_samp_factor = form.h;
      info.comp_info[0].v_samp_factor = form.v;
    }
    info.restart_interval = static_cast<unsigned>(form.restart_interval);
    if (form.progressive) jpeg_simple_progression(&info);
    info.arith_code = form.arithmetic;
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
      JSAMPROW row = pixels.data + info.next_scanline * pixels.step[0];
      jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
  });
  if (!written) throw std::runtime_error{writer.errors.message()};
  return writer.take();
}

/// The JPEG with a marker segment put in behind its first marker.
inline Bytes with_segment(const Bytes& jpeg, int marker, std::string_view body) {
  Bytes out(jpeg.begin(), jpeg.begin() + 2);
  const auto length = body.size() + 2;
  for (const auto byte : {std::size_t{0xFF}, static_cast<std::size_t>(marker), length / 256, length % 256})
    out.push_back(static_cast<std::byte>(byte));
  for (const auto byte : bytes_of(body)) out.push_back(byte);
  out.insert(out.end(), jpeg.begin() + 2, jpeg.end());
  return out;
}

inline cv::Mat pixels_of(ByteView jpeg) {
  const std::vector<std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(jpeg.data()),
                                        reinterpret_cast<const std::uint8_t*>(jpeg.data()) + jpeg.size());
  return cv::imdecode(bytes, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
}

}  // namespace cairn::testing
