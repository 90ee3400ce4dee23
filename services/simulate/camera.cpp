#include "services/simulate/camera.hpp"

#include "services/simulate/simulate.hpp"

namespace cairn::simulate {

Camera::Camera(const CameraPose& pose, double focal_px, int width_px, int height_px)
    : place_{pose.place}, focal_px_{focal_px}, width_px_{width_px}, height_px_{height_px} {
  const double pitch = radians(pose.pitch_deg), roll = radians(pose.roll_deg);
  const Vec2 ahead = direction_of(pose.heading_deg);
  forward_ = {ahead.x * std::cos(pitch), ahead.y * std::cos(pitch), std::sin(pitch)};
  const Vec3 level_right = at_height(right_of(ahead), 0);
  const Vec3 level_down = cross(forward_, level_right);
  right_ = level_right * std::cos(roll) + level_down * std::sin(roll);
  down_ = level_down * std::cos(roll) - level_right * std::sin(roll);
}

Vec3 Camera::camera_from_world(Vec3 point) const {
  const Vec3 step = point - place_;
  return {dot(step, right_), dot(step, down_), dot(step, forward_)};
}

Vec3 Camera::world_ray(double x_px, double y_px) const {
  return right_ * ((x_px - centre_x()) / focal_px_) + down_ * ((y_px - centre_y()) / focal_px_) + forward_;
}

std::optional<Vec2> Camera::pixel_of(Vec3 point) const {
  const Vec3 seen = camera_from_world(point);
  if (seen.z < 0.1) return std::nullopt;
  return Vec2{centre_x() + focal_px_ * seen.x / seen.z, centre_y() + focal_px_ * seen.y / seen.z};
}

Camera Camera::enlarged(int times) const {
  Camera larger = *this;
  larger.focal_px_ *= times;
  larger.width_px_ *= times;
  larger.height_px_ *= times;
  return larger;
}

}  // namespace cairn::simulate
