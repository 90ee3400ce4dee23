#pragma once
// A pinhole camera: x right, y down, z along the view.

#include "services/simulate/geometry.hpp"

#include <optional>

namespace cairn::simulate {

struct CameraPose;

class Camera {
 public:
  Camera(const CameraPose&, double focal_px, int width_px, int height_px);

  Vec3 camera_from_world(Vec3 point) const;
  /// The direction, in the world, of what shows at a pixel; its length along the view is 1.
  Vec3 world_ray(double x_px, double y_px) const;
  /// Where a point shows; nothing for one that is less than 0.1 m ahead.
  std::optional<Vec2> pixel_of(Vec3 point) const;

  Vec3 place() const { return place_; }
  Vec3 forward() const { return forward_; }
  Vec3 right() const { return right_; }
  Vec3 down() const { return down_; }
  double focal_px() const { return focal_px_; }
  double centre_x() const { return width_px_ / 2.0; }
  double centre_y() const { return height_px_ / 2.0; }
  int width_px() const { return width_px_; }
  int height_px() const { return height_px_; }
  /// The same view, `times` larger in pixels.
  Camera enlarged(int times) const;

 private:
  Vec3 place_, right_, down_, forward_;
  double focal_px_;
  int width_px_, height_px_;
};

}  // namespace cairn::simulate
