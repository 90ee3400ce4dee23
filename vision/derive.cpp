#include "vision/derive.hpp"

#include "vision/picture.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cairn::vision {
namespace {

/// The least of libjpeg's fast scales that still is as wide as wanted.
int eighths_for(int width_px, int wanted_px) {
  for (const int eighths : {1, 2, 4}) {
    if (width_px * eighths / 8 >= wanted_px) return eighths;
  }
  return 8;
}

/// `size` is that of the whole picture, whose shape counts: a scaled decode rounds up.
cv::Mat shrunk(const cv::Mat& picture, JpegHeader size, int wanted_px) {
  if (picture.cols <= wanted_px) return picture;
  const double height = static_cast<double>(size.height_px) * wanted_px / size.width_px;
  cv::Mat smaller;
  cv::resize(picture, smaller, {wanted_px, std::max(1, static_cast<int>(std::lround(height)))}, 0, 0, cv::INTER_AREA);
  return smaller;
}

}  // namespace

std::variant<SmallerPictures, Refusal> smaller_pictures(ByteView redacted_jpeg, const DeriveRules& rules) {
  const PictureLimits any_size{std::numeric_limits<std::int64_t>::max(), 1, 100};
  const auto header = read_jpeg_header(redacted_jpeg, any_size);
  if (auto* refusal = std::get_if<Refusal>(&header)) return *refusal;
  const auto size = std::get<JpegHeader>(header);

  const bool is_sd = size.width_px <= rules.sd_width_px;
  const int widest = is_sd ? rules.thumb_width_px : std::max(rules.sd_width_px, rules.thumb_width_px);
  const auto decoded = decode_jpeg(redacted_jpeg, eighths_for(size.width_px, widest));
  if (auto* refusal = std::get_if<Refusal>(&decoded)) return *refusal;

  const auto& picture = std::get<cv::Mat>(decoded);
  SmallerPictures smaller;
  const auto sd = is_sd ? picture : shrunk(picture, size, rules.sd_width_px);
  smaller.sd = is_sd ? Bytes(redacted_jpeg.begin(), redacted_jpeg.end()) : encode_jpeg(sd, rules.quality);
  smaller.thumb = encode_jpeg(shrunk(sd, size, rules.thumb_width_px), rules.quality);
  return smaller;
}

}  // namespace cairn::vision
