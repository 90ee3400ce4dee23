#include "services/simulate/texture.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace cairn::simulate {
namespace {

cv::Mat4b four_channels(const cv::Mat& picture) {
  cv::Mat4b four;
  if (picture.channels() == 4) return picture.clone();
  cv::cvtColor(picture, four, picture.channels() == 1 ? cv::COLOR_GRAY2BGRA : cv::COLOR_BGR2BGRA);
  return four;
}

/// std::floor is a call into the library on plain x86-64, and this runs four times per pixel.
int floor_of(float value) {
  const int cut = static_cast<int>(value);
  return cut - (value < static_cast<float>(cut) ? 1 : 0);
}

/// Pixels -1 … size come from a repeating texture's other side.
int wrapped(int value, int size) { return value < 0 ? value + size : value >= size ? value - size : value; }

}  // namespace

Texture::Texture(const cv::Mat& picture, Fourth fourth) : fourth_{fourth} {
  levels_.push_back(four_channels(picture));
  while (levels_.back().cols > 1 && levels_.back().rows > 1) {
    cv::Mat4b half;
    cv::resize(levels_.back(), half, {levels_.back().cols / 2, levels_.back().rows / 2}, 0, 0, cv::INTER_AREA);
    levels_.push_back(half);
  }
}

const cv::Mat4b& Texture::level_for(float texels) const {
  int exponent = 0;
  std::frexp(std::max(texels, 0.5f), &exponent);  // 2^(exponent-1) <= texels < 2^exponent
  const auto last = static_cast<int>(levels_.size()) - 1;
  return levels_[static_cast<std::size_t>(std::clamp(exponent - 1, 0, last))];
}

Texture::Corner Texture::corner_of(const cv::Mat4b& level, float s, float t) const {
  const bool repeats = fourth_ != Fourth::opacity;
  if (repeats) s -= static_cast<float>(floor_of(s)), t -= static_cast<float>(floor_of(t));
  const float x = s * static_cast<float>(level.cols) - 0.5f, y = t * static_cast<float>(level.rows) - 0.5f;
  const int x0 = floor_of(x), y0 = floor_of(y);
  const float fx = x - static_cast<float>(x0), fy = y - static_cast<float>(y0);
  const auto within = [&](int v, int size) { return repeats ? wrapped(v, size) : std::clamp(v, 0, size - 1); };
  return {
      within(x0, level.cols), within(x0 + 1, level.cols), within(y0, level.rows), within(y0 + 1, level.rows), fx, fy};
}

cv::Vec4f Texture::at(float s, float t, float texels) const {
  const auto& level = level_for(texels);
  const auto c = corner_of(level, s, t);
  const cv::Vec4b *top = level[c.y0], *low = level[c.y1];
  cv::Vec4f out;
  for (int k = 0; k < 4; ++k) {
    const float a = static_cast<float>(top[c.x0][k]) * (1 - c.fx) + static_cast<float>(top[c.x1][k]) * c.fx;
    const float b = static_cast<float>(low[c.x0][k]) * (1 - c.fx) + static_cast<float>(low[c.x1][k]) * c.fx;
    out[k] = a * (1 - c.fy) + b * c.fy;
  }
  return out;
}

float Texture::grey_at(float s, float t, float texels) const {
  const auto& level = level_for(texels);
  const auto c = corner_of(level, s, t);
  const cv::Vec4b *top = level[c.y0], *low = level[c.y1];
  const float a = static_cast<float>(top[c.x0][0]) * (1 - c.fx) + static_cast<float>(top[c.x1][0]) * c.fx;
  const float b = static_cast<float>(low[c.x0][0]) * (1 - c.fx) + static_cast<float>(low[c.x1][0]) * c.fx;
  return a * (1 - c.fy) + b * c.fy;
}

}  // namespace cairn::simulate
