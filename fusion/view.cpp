#include "fusion/view.hpp"

#include "core/angle.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cairn::fusion {
namespace {

struct Ray {
  double right, down, ahead;
};

Ray ray_of(const Lens& lens, double x_px, double y_px) {
  const double x = x_px - lens.width_px / 2.0;
  const double y = y_px - lens.height_px / 2.0;
  if (lens.projection == Projection::flat) return {x / lens.focal_px, y / lens.focal_px, 1};
  const double azimuth = x / lens.focal_px;
  const double elevation = -y / lens.focal_px;
  return {std::sin(azimuth) * std::cos(elevation), -std::sin(elevation), std::cos(azimuth) * std::cos(elevation)};
}

Ray levelled(Ray ray, double pitch, double roll) {
  const double right = ray.right * std::cos(roll) - ray.down * std::sin(roll);
  const double down = ray.right * std::sin(roll) + ray.down * std::cos(roll);
  return {right, down * std::cos(pitch) - ray.ahead * std::sin(pitch),
          down * std::sin(pitch) + ray.ahead * std::cos(pitch)};
}

}  // namespace

Lens lens_of(const Camera& camera, const Observation& observation, const FuseRules& rules) {
  Lens lens{camera.projection, observation.width_px, observation.height_px, 1};
  const double longer_px = std::max({1, observation.width_px, observation.height_px});
  if (camera.projection == Projection::equirectangular) {
    lens.focal_px = std::max(1, observation.width_px) / (2 * std::numbers::pi);
    return lens;
  }
  const double stored_px =
      camera.width_px > 0 && camera.height_px > 0 ? std::max(camera.width_px, camera.height_px) : longer_px;
  const double focal_px = camera.focal_px.value_or(0) * longer_px / stored_px;
  const bool possible = std::isfinite(focal_px) && focal_px > 0.2 * longer_px && focal_px < 20 * longer_px;
  lens.focal_px = possible ? focal_px : longer_px / 2 / std::tan(rules.default_fov_deg / 2 / kDegrees);
  return lens;
}

Direction direction_of(const Lens& lens, double x_px, double y_px, double pitch_deg, double roll_deg) {
  const auto ray = levelled(ray_of(lens, x_px, y_px), pitch_deg / kDegrees, roll_deg / kDegrees);
  return {std::atan2(ray.right, ray.ahead) * kDegrees,
          std::atan2(-ray.down, std::hypot(ray.right, ray.ahead)) * kDegrees};
}

double px640_per_radian(const Lens& lens) { return lens.focal_px * 640 / std::max(1, lens.width_px); }

}  // namespace cairn::fusion
