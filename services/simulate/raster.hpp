#pragma once
// Flat faces -> pixels: a z-buffer, textures in true perspective.

#include "services/simulate/camera.hpp"
#include "services/simulate/texture.hpp"

#include <opencv2/core.hpp>

#include <array>
#include <vector>

namespace cairn::simulate {

/// A flat convex polygon with a picture on it.
struct Face {
  std::array<Vec3, 5> corner{};
  int corners = 4;
  Vec3 origin, s_axis, t_axis;       ///< the texture's (0,0), and its steps to s = 1 and t = 1
  const Texture* texture = nullptr;  ///< owned by the scene; none: plain colour
  cv::Vec3f colour{255, 255, 255};   ///< BGR, multiplies the texture
  float light = 1;                   ///< of sun and sky on this face
  float retro = 1;                   ///< how much better than paper it throws headlights back
  bool glows = false;                ///< adds its colour, hides nothing
  bool one_sided = false;            ///< shows only where its texture reads the right way round
  int target = -1;                   ///< what it belongs to in the truth
};

/// Corner 0 is the texture's upper left, corner 1 the upper right, corner 3 the lower left; the texture repeats so many
/// times.
Face face_of(Vec3 a, Vec3 b, Vec3 c, Vec3 d, const Texture* texture, cv::Vec3f colour, double repeat_s = 1,
             double repeat_t = 1);

/// What the air and the car's own lamps do to everything seen.
struct Air {
  cv::Vec3f haze{226, 216, 206};
  float haze_m = 900;    ///< where 63 % of the light is the haze's
  float headlights = 0;  ///< brightness at 10 m; 0 by day
};

class Canvas {
 public:
  Canvas(const Camera&, const Air&, int targets);

  /// Faces with opacity or glow must come last, the farthest first.
  void draw(const Face&);
  /// Fills what no face covers: `shade(ray)` gives colour, depth along the view (0: the sky) and brightness.
  struct Backdrop {
    cv::Vec3f colour;
    float depth_m;
    float light;
  };
  template <class Shade>
  void fill(const Shade& shade);

  const cv::Mat3f& colours() const { return colours_; }
  /// Pixels of a target that were drawn, hidden or not, and those that show in the end.
  int drawn(int target) const { return drawn_[static_cast<std::size_t>(target)]; }
  std::vector<int> shown() const;

 private:
  struct Seen {
    cv::Vec3f colour;
    float light, glow;
  };
  void draw_row(const Face&, int y, int first, int last, const std::array<Vec3, 3>& rows);
  cv::Vec3f lit(const Seen&, float depth_m, int x, int y, float retro) const;

  Camera camera_;
  Air air_;
  cv::Mat3f colours_;
  cv::Mat1f nearness_;  ///< 1 / depth; 0 where nothing is
  cv::Mat1i targets_;
  std::vector<int> drawn_;
};

template <class Shade>
void Canvas::fill(const Shade& shade) {
  for (int y = 0; y < colours_.rows; ++y)
    for (int x = 0; x < colours_.cols; ++x) {
      if (nearness_(y, x) > 0) continue;
      const Backdrop seen = shade(x, y);
      if (seen.depth_m <= 0) {
        colours_(y, x) = seen.colour;
        continue;
      }
      colours_(y, x) = lit({seen.colour, seen.light, 0}, seen.depth_m, x, y, 1);
      nearness_(y, x) = 1 / seen.depth_m;
    }
}

}  // namespace cairn::simulate
