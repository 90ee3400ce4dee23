#include "services/simulate/route.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace cairn::simulate {
namespace {

constexpr double kStep_m = 0.25;
constexpr double kTurnStart_m = 11;  ///< a turn begins this far before the crossing

bool neighbours(Crossing a, Crossing b) { return std::abs(a.east - b.east) + std::abs(a.north - b.north) == 1; }

bool straight(Crossing a, Crossing b, Crossing c) {
  return c.east - b.east == b.east - a.east && c.north - b.north == b.north - a.north;
}

void check(const Layout& layout, const std::vector<Crossing>& way) {
  if (way.size() < 2) throw std::invalid_argument("a route needs at least two crossings");
  for (std::size_t i = 0; i < way.size(); ++i) {
    const auto [east, north] = way[i];
    const auto name = std::to_string(east) + "," + std::to_string(north);
    if (east < 0 || north < 0 || east > layout.blocks_east() || north > layout.blocks_north())
      throw std::invalid_argument("crossing " + name + " lies outside the town");
    if (i > 0 && !neighbours(way[i - 1], way[i])) throw std::invalid_argument("the route jumps to crossing " + name);
    if (i > 1 && way[i] == way[i - 2]) throw std::invalid_argument("the route turns back at crossing " + name);
  }
}

/// A point of the lane between two neighbouring crossings, so many street metres from the first.
Vec2 lane_point(const Layout& layout, Crossing from, Crossing to, double metres) {
  return RoadSide{layout, from, to}.point(metres, kLane_m);
}

/// Corner points of the path: every metre along streets, and a Bezier curve through each turn.
std::vector<Vec2> raw_path(const Layout& layout, const std::vector<Crossing>& way) {
  std::vector<Vec2> path;
  for (std::size_t i = 0; i + 1 < way.size(); ++i) {
    const bool turned = i > 0 && !straight(way[i - 1], way[i], way[i + 1]);
    const bool turns = i + 2 < way.size() && !straight(way[i], way[i + 1], way[i + 2]);
    const double begin = turned ? kTurnStart_m : 0;
    const double end = layout.block_m() - (turns ? kTurnStart_m : 0);
    for (double m = begin; m < end; m += 1) path.push_back(lane_point(layout, way[i], way[i + 1], m));
    if (!turns) continue;
    const Vec2 p0 = lane_point(layout, way[i], way[i + 1], end);
    const Vec2 before = p0 - lane_point(layout, way[i], way[i + 1], end - 0.5);
    const Vec2 p3 = lane_point(layout, way[i + 1], way[i + 2], kTurnStart_m);
    const Vec2 after = lane_point(layout, way[i + 1], way[i + 2], kTurnStart_m + 0.5) - p3;
    const double reach = length(p3 - p0) * 0.39;  // of a quarter circle
    const Vec2 p1 = p0 + unit(before) * reach, p2 = p3 - unit(after) * reach;
    for (double t = 0; t < 0.999; t += 0.05) {
      const double s = 1 - t;
      path.push_back(p0 * (s * s * s) + p1 * (3 * s * s * t) + p2 * (3 * s * t * t) + p3 * (t * t * t));
    }
  }
  path.push_back(lane_point(layout, way[way.size() - 2], way.back(), layout.block_m()));
  return path;
}

std::vector<Vec2> evenly_spaced(const std::vector<Vec2>& path) {
  std::vector<Vec2> even{path.front()};
  double left = kStep_m;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const Vec2 step = path[i + 1] - path[i];
    const double metres = length(step);
    while (left <= metres) {
      even.push_back(path[i] + step * (left / metres));
      left += kStep_m;
    }
    left -= metres;
  }
  return even;
}

/// A moving mean over two metres: no vehicle has corners in its path.
std::vector<Vec2> smoothed(const std::vector<Vec2>& path) {
  constexpr int kReach = 4;
  const int count = static_cast<int>(path.size());
  std::vector<Vec2> smooth = path;
  for (int i = kReach; i + kReach < count; ++i) {
    Vec2 sum;
    for (int k = -kReach; k <= kReach; ++k) sum = sum + path[static_cast<std::size_t>(i + k)];
    smooth[static_cast<std::size_t>(i)] = sum * (1.0 / (2 * kReach + 1));
  }
  return smooth;
}

double turn_between(double from_deg, double to_deg) { return std::remainder(to_deg - from_deg, 360.0); }

}  // namespace

Route::Route(const Layout& layout, const std::vector<Crossing>& way) {
  check(layout, way);
  const auto path = smoothed(smoothed(evenly_spaced(raw_path(layout, way))));
  const auto count = path.size();
  points_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Vec2 before = path[i < 3 ? 0 : i - 3], after = path[std::min(count - 1, i + 3)];
    points_[i] = {path[i], heading_of(after - before), 0};
  }
  for (std::size_t i = 0; i < count; ++i) {
    const auto first = i < 4 ? 0 : i - 4, last = std::min(count - 1, i + 4);
    const double metres = static_cast<double>(last - first) * kStep_m;
    points_[i].curvature = radians(turn_between(points_[first].heading_deg, points_[last].heading_deg)) / metres;
  }
}

double Route::length_m() const { return static_cast<double>(points_.size() - 1) * kStep_m; }

RoutePoint Route::at(double metres) const {
  const double place = std::clamp(metres / kStep_m, 0.0, static_cast<double>(points_.size()) - 1.001);
  const auto index = static_cast<std::size_t>(place);
  const double part = place - static_cast<double>(index);
  const auto& a = points_[index];
  const auto& b = points_[index + 1];
  const double heading = a.heading_deg + part * turn_between(a.heading_deg, b.heading_deg);
  return {a.place + (b.place - a.place) * part, heading - 360 * std::floor(heading / 360),
          a.curvature + part * (b.curvature - a.curvature)};
}

std::vector<Crossing> wandering(const Layout& layout, Random random, double at_least_m) {
  const auto inside = [&](Crossing c) {
    return c.east >= 0 && c.north >= 0 && c.east <= layout.blocks_east() && c.north <= layout.blocks_north();
  };
  std::vector<Crossing> way{{0, layout.blocks_north() / 2}, {1, layout.blocks_north() / 2}};
  while (static_cast<double>(way.size() - 2) * layout.block_m() < at_least_m) {
    const Crossing here = way.back(), before = way[way.size() - 2];
    const int de = here.east - before.east, dn = here.north - before.north;
    const Crossing on{here.east + de, here.north + dn};
    const Crossing right{here.east + dn, here.north - de}, left{here.east - dn, here.north + de};
    if (inside(on) && random.chance(0.5)) {
      way.push_back(on);
    } else {
      const bool first_right = random.chance(0.5);
      const Crossing one = first_right ? right : left, other = first_right ? left : right;
      way.push_back(inside(one) ? one : other);
    }
  }
  return way;
}

SpeedProfile::SpeedProfile(const Route& route, double speed_mps, Random random) {
  constexpr double kSideways_mps2 = 2, kAlong_mps2 = 1.5;
  const auto count = static_cast<std::size_t>(route.length_m()) + 2;
  const double phase = random.between(0, 2 * kPi), wave_m = random.between(60, 110);
  for (std::size_t i = 0; i < count; ++i) {
    const double m = static_cast<double>(i);
    const double free = speed_mps * (1 + 0.08 * std::sin(2 * kPi * m / wave_m + phase));
    const double bend = std::sqrt(kSideways_mps2 / std::max(1e-4, std::abs(route.at(m).curvature)));
    speeds_.push_back(std::min(free, bend));
  }
  const auto reachable = [&](double from) { return std::sqrt(from * from + 2 * kAlong_mps2); };
  for (std::size_t i = 1; i < count; ++i) speeds_[i] = std::min(speeds_[i], reachable(speeds_[i - 1]));
  for (std::size_t i = count - 1; i > 0; --i) speeds_[i - 1] = std::min(speeds_[i - 1], reachable(speeds_[i]));
  seconds_.push_back(0);
  for (std::size_t i = 1; i < count; ++i) seconds_.push_back(seconds_.back() + 2 / (speeds_[i - 1] + speeds_[i]));
}

double SpeedProfile::speed_at(double metres) const {
  const double place = std::clamp(metres, 0.0, static_cast<double>(speeds_.size()) - 1.001);
  const auto index = static_cast<std::size_t>(place);
  const double part = place - static_cast<double>(index);
  // Constant acceleration within a metre.
  const double a2 = speeds_[index] * speeds_[index], b2 = speeds_[index + 1] * speeds_[index + 1];
  return std::sqrt(a2 + part * (b2 - a2));
}

double SpeedProfile::seconds_at(double metres) const {
  const double place = std::clamp(metres, 0.0, static_cast<double>(seconds_.size()) - 1.001);
  const auto index = static_cast<std::size_t>(place);
  const double part = place - static_cast<double>(index);
  return seconds_[index] + 2 * part / (speeds_[index] + speed_at(metres));
}

double SpeedProfile::metres_at(double seconds) const {
  const auto after = std::upper_bound(seconds_.begin(), seconds_.end(), std::max(0.0, seconds));
  if (after == seconds_.end()) return static_cast<double>(seconds_.size() - 1);
  const auto index = static_cast<std::size_t>(after - seconds_.begin()) - 1;
  const double t = std::max(0.0, seconds) - seconds_[index];
  const double v = speeds_[index], w = speeds_[index + 1];
  return static_cast<double>(index) + t * (v + (w * w - v * v) / 4 * t);
}

}  // namespace cairn::simulate
