#pragma once
// Points of the simulated town, in metres: x east, y north, z up from the town's origin on its flat ground.

#include <cmath>
#include <numbers>

namespace cairn::simulate {

inline constexpr double kPi = std::numbers::pi;
inline double radians(double deg) { return deg * kPi / 180; }
inline double degrees(double rad) { return rad * 180 / kPi; }

struct Vec2 {
  double x = 0, y = 0;
};
inline Vec2 operator+(Vec2 a, Vec2 b) { return {a.x + b.x, a.y + b.y}; }
inline Vec2 operator-(Vec2 a, Vec2 b) { return {a.x - b.x, a.y - b.y}; }
inline Vec2 operator*(Vec2 a, double k) { return {a.x * k, a.y * k}; }
inline double length(Vec2 a) { return std::hypot(a.x, a.y); }
inline Vec2 unit(Vec2 a) { return a * (1 / length(a)); }
/// A quarter turn clockwise: what lies to the right of a direction.
inline Vec2 right_of(Vec2 a) { return {a.y, -a.x}; }

struct Vec3 {
  double x = 0, y = 0, z = 0;
};
inline Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline Vec3 operator*(Vec3 a, double k) { return {a.x * k, a.y * k, a.z * k}; }
inline double dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline Vec3 cross(Vec3 a, Vec3 b) { return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x}; }
inline double length(Vec3 a) { return std::sqrt(dot(a, a)); }
inline Vec3 unit(Vec3 a) { return a * (1 / length(a)); }
inline Vec3 at_height(Vec2 a, double z) { return {a.x, a.y, z}; }

/// The direction of a heading (0 north, 90 east), and back.
inline Vec2 direction_of(double heading_deg) {
  return {std::sin(radians(heading_deg)), std::cos(radians(heading_deg))};
}
inline double heading_of(Vec2 direction) {
  const double deg = degrees(std::atan2(direction.x, direction.y));
  return deg < 0 ? deg + 360 : deg;
}

}  // namespace cairn::simulate
