// Every face is a plane: 1/depth, s/depth and t/depth are then linear in the picture, so one 3x3 inverse per face gives
// all pixels (the rows of the inverse of [s_axis t_axis origin] in camera coordinates, applied to the pixel's ray).

#include "services/simulate/raster.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::simulate {
namespace {

constexpr double kNear_m = 0.15;

using Polygon = std::vector<Vec3>;

Polygon clipped_to_near(const Polygon& corners) {
  Polygon kept;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const Vec3 a = corners[i], b = corners[(i + 1) % corners.size()];
    if (a.z >= kNear_m) kept.push_back(a);
    if ((a.z >= kNear_m) != (b.z >= kNear_m)) kept.push_back(a + (b - a) * ((kNear_m - a.z) / (b.z - a.z)));
  }
  return kept;
}

/// Where a convex polygon crosses the middle of a row of pixels.
bool span_of(const std::vector<Vec2>& polygon, double y, double& left, double& right) {
  left = 1e30, right = -1e30;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Vec2 a = polygon[i], b = polygon[(i + 1) % polygon.size()];
    if ((a.y <= y) == (b.y <= y)) continue;
    const double x = a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y);
    left = std::min(left, x), right = std::max(right, x);
  }
  return left <= right;
}

/// Texels under a pixel: the mean of across and down, which keeps slanted walls between sharp and flickering.
float texels_at(const Texture& texture, Vec3 a, Vec3 b, Vec3 c, double s, double t, double depth, double pixel) {
  const double w = texture.width() * depth * pixel, h = texture.height() * depth * pixel;
  const double across = std::hypot((a.x - s * c.x) * w, (b.x - t * c.x) * h);
  const double down = std::hypot((a.y - s * c.y) * w, (b.y - t * c.y) * h);
  return static_cast<float>(std::sqrt(across * down));
}

}  // namespace

Face face_of(Vec3 a, Vec3 b, Vec3 c, Vec3 d, const Texture* texture, cv::Vec3f colour, double repeat_s,
             double repeat_t) {
  Face face;
  face.corner = {a, b, c, d, {}};
  face.origin = a;
  face.s_axis = (b - a) * (1 / repeat_s);
  face.t_axis = (d - a) * (1 / repeat_t);
  face.texture = texture;
  face.colour = colour;
  return face;
}

Canvas::Canvas(const Camera& camera, const Air& air, int targets)
    : camera_{camera},
      air_{air},
      colours_(filled(camera.height_px(), camera.width_px(), cv::Vec3f{0, 0, 0})),
      nearness_(filled(camera.height_px(), camera.width_px(), 0.0f)),
      targets_(filled(camera.height_px(), camera.width_px(), -1)),
      drawn_(static_cast<std::size_t>(targets), 0) {}

void Canvas::draw(const Face& face) {
  Polygon seen;
  for (int i = 0; i < face.corners; ++i)
    seen.push_back(camera_.camera_from_world(face.corner[static_cast<std::size_t>(i)]));
  const Polygon kept = clipped_to_near(seen);
  if (kept.size() < 3) return;
  std::vector<Vec2> flat;
  double top = 1e30, low = -1e30;
  for (const auto& p : kept) {
    flat.push_back(
        {camera_.centre_x() + camera_.focal_px() * p.x / p.z, camera_.centre_y() + camera_.focal_px() * p.y / p.z});
    top = std::min(top, flat.back().y), low = std::max(low, flat.back().y);
  }
  const auto turned = [&](Vec3 v) {
    return Vec3{dot(v, camera_.right()), dot(v, camera_.down()), dot(v, camera_.forward())};
  };
  const Vec3 s = turned(face.s_axis), t = turned(face.t_axis), o = camera_.camera_from_world(face.origin);
  const double volume = dot(s, cross(t, o));
  if (std::abs(volume) < 1e-12 || (face.one_sided && volume < 0)) return;  // seen edge-on, or from behind
  const std::array<Vec3, 3> rows{cross(t, o) * (1 / volume), cross(o, s) * (1 / volume), cross(s, t) * (1 / volume)};
  const int first_row = static_cast<int>(std::max(0.0, std::ceil(top - 0.5)));
  const int last_row = static_cast<int>(std::min<double>(colours_.rows, std::ceil(low - 0.5)));
  for (int y = first_row; y < last_row; ++y) {
    double left = 0, right = 0;
    if (!span_of(flat, y + 0.5, left, right)) continue;
    const int first = static_cast<int>(std::max(0.0, std::ceil(left - 0.5)));
    const int last = static_cast<int>(std::min<double>(colours_.cols, std::ceil(right - 0.5)));
    if (first < last) draw_row(face, y, first, last, rows);
  }
}

void Canvas::draw_row(const Face& face, int y, int first, int last, const std::array<Vec3, 3>& rows) {
  const double pixel = 1 / camera_.focal_px();
  const double ray_y = (y + 0.5 - camera_.centre_y()) * pixel;
  const auto& [a, b, c] = rows;
  const auto fourth = face.texture ? face.texture->fourth() : Fourth::nothing;
  float texels = 1;
  int measured_at = -8;
  for (int x = first; x < last; ++x) {
    const double ray_x = (x + 0.5 - camera_.centre_x()) * pixel;
    const double nearness = c.x * ray_x + c.y * ray_y + c.z;
    const bool hidden = nearness < nearness_(y, x);
    if (nearness <= 0 || (hidden && face.target < 0)) continue;
    const double depth = 1 / nearness;
    Seen seen{face.colour, face.light, 0};
    float opacity = 1;
    if (face.texture) {
      const double s = (a.x * ray_x + a.y * ray_y + a.z) * depth, t = (b.x * ray_x + b.y * ray_y + b.z) * depth;
      if (x - measured_at >= 8) {
        texels = texels_at(*face.texture, a, b, c, s, t, depth, pixel);
        measured_at = x;
      }
      const auto texel = face.texture->at(static_cast<float>(s), static_cast<float>(t), texels);
      for (int k = 0; k < 3; ++k) seen.colour[k] = texel[k] * face.colour[k] * (1 / 255.0f);
      if (fourth == Fourth::opacity) opacity = texel[3] * (1 / 255.0f);
      if (fourth == Fourth::glow) seen.glow = 1 - texel[3] * (1 / 255.0f);
    }
    if (opacity < 0.02f) continue;
    if (face.target >= 0 && opacity >= 0.5f) ++drawn_[static_cast<std::size_t>(face.target)];
    if (hidden) continue;
    auto& out = colours_(y, x);
    if (face.glows) {
      out += seen.colour * opacity;
      continue;
    }
    const auto colour = lit(seen, static_cast<float>(depth), x, y, face.retro);
    out = out * (1 - opacity) + colour * opacity;
    if (opacity < 0.5f) continue;
    nearness_(y, x) = static_cast<float>(nearness);
    targets_(y, x) = face.target;
  }
}

cv::Vec3f Canvas::lit(const Seen& seen, float depth_m, int x, int y, float retro) const {
  float light = seen.light * (1 - seen.glow) + 1.25f * seen.glow;
  if (air_.headlights > 0) {
    const float across =
        (static_cast<float>(x) - static_cast<float>(camera_.centre_x())) / static_cast<float>(camera_.focal_px());
    const float down =
        (static_cast<float>(y) - static_cast<float>(camera_.centre_y())) / static_cast<float>(camera_.focal_px());
    // A dipped beam: wide and flat, cut off just above the horizon, where only stray light remains.
    const float beam =
        std::exp(-across * across / 0.18f) * (down > -0.02f ? 1.0f : std::max(0.10f, 1 + (down + 0.02f) * 9));
    const float far = 1 / (1 + depth_m * depth_m / 260.0f);
    const float steep = 1 / (1 + std::max(0.0f, down) * 2.2f);  // little falls on the ground just before the car
    light += std::min(1.3f, air_.headlights * beam * far * steep * retro);
  }
  const float clear = std::exp(-depth_m / air_.haze_m);
  return seen.colour * (light * clear) + air_.haze * (1 - clear);
}

std::vector<int> Canvas::shown() const {
  std::vector<int> counts(drawn_.size(), 0);
  for (int y = 0; y < targets_.rows; ++y)
    for (int x = 0; x < targets_.cols; ++x)
      if (targets_(y, x) >= 0) ++counts[static_cast<std::size_t>(targets_(y, x))];
  return counts;
}

}  // namespace cairn::simulate
