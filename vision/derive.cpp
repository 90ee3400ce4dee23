// sd and thumb: one decode, at the least scale that gives the larger of the two; the smaller one is made from it.

#include "vision/derive.hpp"

#include "vision/picture.hpp"
#include "vision/planes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cairn::vision {
namespace {

/// The least of libjpeg's fast scales that still is as wide.
int eighths_for(int width_px, int least_px) {
  for (const int eighths : {1, 2, 4}) {
    if (width_px * eighths / 8 >= least_px) return eighths;
  }
  return 8;
}

/// `size` is that of the whole picture, whose shape counts: a scaled decode rounds up.
Planes no_wider(const Planes& planes, JpegHeader size, int wanted_px) {
  if (planes[0].cols <= wanted_px) return shrunk(planes, planes[0].size());
  const double height = static_cast<double>(size.height_px) * wanted_px / size.width_px;
  return shrunk(planes, {wanted_px, std::clamp(static_cast<int>(std::lround(height)), 1, planes[0].rows)});
}

}  // namespace

std::variant<SmallerPictures, Refusal> smaller_pictures(ByteView redacted_jpeg, const DeriveRules& rules) {
  const PictureLimits any_size{std::numeric_limits<std::int64_t>::max(), 1, 100};
  const auto header = read_jpeg_header(redacted_jpeg, any_size);
  if (auto* refusal = std::get_if<Refusal>(&header)) return *refusal;
  const auto size = std::get<JpegHeader>(header);

  const bool is_sd = size.width_px <= rules.sd_width_px;
  const int widest_px = is_sd ? rules.thumb_width_px : std::max(rules.sd_width_px, rules.thumb_width_px);
  const auto decoded = planes_of(redacted_jpeg, eighths_for(size.width_px, widest_px));
  if (auto* refusal = std::get_if<Refusal>(&decoded)) return *refusal;

  auto planes = std::get<Planes>(decoded);
  SmallerPictures smaller;
  if (is_sd) {
    smaller.sd.assign(redacted_jpeg.begin(), redacted_jpeg.end());
  } else {
    planes = no_wider(planes, size, rules.sd_width_px);
    smaller.sd = jpeg_of_planes(planes, rules.quality);
  }
  smaller.thumb = jpeg_of_planes(no_wider(planes, size, rules.thumb_width_px), rules.quality);
  return smaller;
}

}  // namespace cairn::vision
