#pragma once
// A picture on a surface, with ever smaller copies of itself for surfaces far away.

#include <opencv2/core.hpp>

#include <algorithm>
#include <vector>

namespace cairn::simulate {

/// A picture of one colour. (Mat's own way to fill costs ten times this in Debian 12's OpenCV.)
template <class Pixel>
cv::Mat_<Pixel> filled(int rows, int columns, Pixel pixel) {
  cv::Mat_<Pixel> picture(rows, columns);
  for (int y = 0; y < rows; ++y) std::fill_n(picture[y], columns, pixel);
  return picture;
}

/// What the fourth channel of a texture means.
enum class Fourth { nothing, opacity, glow };

class Texture {
 public:
  Texture() = default;
  /// 8-bit BGR, BGRA or grey. Repeats in both directions unless the fourth channel is opacity.
  Texture(const cv::Mat& picture, Fourth fourth);

  /// Colour 0-255 and the fourth channel 0-255 at (s, t), both 0-1 from the upper left corner; `texels` of the
  /// full-size picture fall on one pixel of the screen.
  cv::Vec4f at(float s, float t, float texels) const;
  /// The first channel alone.
  float grey_at(float s, float t, float texels) const;

  bool empty() const { return levels_.empty(); }
  Fourth fourth() const { return fourth_; }
  float width() const { return static_cast<float>(levels_.front().cols); }
  float height() const { return static_cast<float>(levels_.front().rows); }

 private:
  struct Corner {
    int x0, x1, y0, y1;
    float fx, fy;
  };
  const cv::Mat4b& level_for(float texels) const;
  Corner corner_of(const cv::Mat4b& level, float s, float t) const;

  std::vector<cv::Mat4b> levels_;
  Fourth fourth_ = Fourth::nothing;
};

}  // namespace cairn::simulate
