#include "fusion/triangulate.hpp"

#include "core/angle.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace cairn::fusion {
namespace {

constexpr double kLeastParallax_deg = 0.2;  ///< below it the linear system says nothing about the distance

/// One weighted solve; distances of the solve before, or 20 m each, turn angles into metres.
std::optional<Point> solved_once(std::span<const View> views, const std::vector<double>& distances_m) {
  Eigen::Matrix2d normal = Eigen::Matrix2d::Zero();
  Eigen::Vector2d right = Eigen::Vector2d::Zero();
  for (std::size_t i = 0; i < views.size(); ++i) {
    const auto& view = views[i];
    const double bearing = view.bearing_deg / kDegrees;
    const Eigen::Vector2d across{std::cos(bearing), -std::sin(bearing)};  // to the right of the ray, in east and north
    const double sigma_m = std::hypot(view.sigma_deg / kDegrees * distances_m[i], view.sigma_m, 1e-3);
    const Eigen::Vector2d weighted = across / (sigma_m * sigma_m);
    normal += weighted * across.transpose();
    right += weighted * across.dot(Eigen::Vector2d{view.from.east_m, view.from.north_m});
  }
  const Eigen::Vector2d at = normal.ldlt().solve(right);
  if (!at.allFinite()) return std::nullopt;
  return Point{{at(0), at(1)}, 0};
}

double mean_height_m(std::span<const View> views, const Point& point) {
  double sum = 0, weights = 0;
  for (const auto& view : views) {
    const double distance_m = ground_distance_of(view, point);
    const double weight = 1 / std::max(1.0, distance_m * distance_m);
    sum += weight * (view.up_m + distance_m * std::tan(std::clamp(view.elevation_deg, -85.0, 85.0) / kDegrees));
    weights += weight;
  }
  return sum / weights;
}

bool mostly_ahead(std::span<const View> views, const Point& point) {
  const auto ahead =
      std::ranges::count_if(views, [&](const View& view) { return std::abs(miss_of(view, point).azimuth_deg) < 90; });
  return ahead * 2 > static_cast<std::ptrdiff_t>(views.size());
}

}  // namespace

double Miss::total_deg() const { return std::hypot(azimuth_deg, elevation_deg); }

double ground_distance_of(const View& view, const Point& point) {
  return std::hypot(point.at.east_m - view.from.east_m, point.at.north_m - view.from.north_m);
}

Miss miss_of(const View& view, const Point& point) {
  const double bearing_deg =
      std::atan2(point.at.east_m - view.from.east_m, point.at.north_m - view.from.north_m) * kDegrees;
  const double elevation_deg = std::atan2(point.up_m - view.up_m, ground_distance_of(view, point)) * kDegrees;
  return {turn_deg(view.bearing_deg, bearing_deg), elevation_deg - view.elevation_deg};
}

double parallax_deg(std::span<const View> views) {
  double least = 0, most = 0;
  for (const auto& view : views) {
    const double turn = turn_deg(views.front().bearing_deg, view.bearing_deg);
    least = std::min(least, turn);
    most = std::max(most, turn);
  }
  return most - least;
}

std::optional<Point> linear_point(std::span<const View> views) {
  if (views.size() < 2 || parallax_deg(views) < kLeastParallax_deg) return std::nullopt;
  std::vector<double> distances_m(views.size(), 20);
  std::optional<Point> point;
  for (int round = 0; round < 3; ++round) {
    point = solved_once(views, distances_m);
    if (!point) return std::nullopt;
    for (std::size_t i = 0; i < views.size(); ++i)
      distances_m[i] = std::clamp(ground_distance_of(views[i], *point), 1.0, 200.0);
  }
  if (!mostly_ahead(views, *point)) return std::nullopt;
  point->up_m = mean_height_m(views, *point);
  return point;
}

ViewsOfThing corrected(ViewsOfThing views, const Bundle& bundle) {
  for (auto& view : views) {
    view.bearing_deg = heading_within_circle(view.bearing_deg - bundle.yaw_deg);
    view.elevation_deg -= bundle.pitch_deg;
  }
  return views;
}

}  // namespace cairn::fusion
