#include "services/simulate/layout.hpp"

#include "services/simulate/random.hpp"

#include <algorithm>
#include <utility>

namespace cairn::simulate {
namespace {
constexpr double kTableStep_m = 0.5;
constexpr double kMargin_m = 1000;  ///< ground is drawn this far beyond the streets
}  // namespace

Layout::Bend::Bend(std::vector<Wave> waves, double from_m, double to_m) : from_m_{from_m} {
  const auto count = static_cast<std::size_t>((to_m - from_m) / kTableStep_m) + 2;
  table_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double t = from_m + static_cast<double>(i) * kTableStep_m;
    double sum = 0;
    for (const auto& wave : waves) sum += wave.amplitude_m * std::sin(t * wave.per_m + wave.phase);
    table_.push_back(sum);
  }
}

double Layout::Bend::at(double t) const {
  const double place = std::clamp((t - from_m_) / kTableStep_m, 0.0, static_cast<double>(table_.size()) - 1.001);
  const auto index = static_cast<std::size_t>(place);
  const double part = place - static_cast<double>(index);
  return table_[index] + part * (table_[index + 1] - table_[index]);
}

double Layout::Bend::slope(double t) const { return (at(t + 1) - at(t - 1)) / 2; }

Layout::Bend Layout::bend_of(double length_m, std::uint64_t seed) {
  Random random{seed};
  std::vector<Wave> waves;
  // The sharper wave bends a street to a radius of some 150 m, the longer one to 400 m.
  waves.push_back({random.between(7, 9), 2 * kPi / random.between(215, 255), random.between(0, 2 * kPi)});
  waves.push_back({random.between(10, 14), 2 * kPi / random.between(420, 480), random.between(0, 2 * kPi)});
  return Bend{std::move(waves), -kMargin_m, length_m + kMargin_m};
}

Layout::Layout(int blocks_east, int blocks_north, double block_m, std::uint64_t seed)
    : blocks_east_{blocks_east},
      blocks_north_{blocks_north},
      block_m_{block_m},
      shift_east_{bend_of(blocks_north * block_m, Random{seed}.fork(1).next())},
      shift_north_{bend_of(blocks_east * block_m, Random{seed}.fork(2).next())} {}

Vec2 Layout::ground_of(Vec2 street) const {
  return {street.x + shift_east_.at(street.y) - width_m() / 2, street.y + shift_north_.at(street.x) - depth_m() / 2};
}

Vec2 Layout::street_of(Vec2 ground) const {
  Vec2 shift;
  for (int round = 0; round < 4; ++round) street_of(ground, shift);
  return street_of(ground, shift);
}

Vec2 Layout::street_of(Vec2 ground, Vec2& shift) const {
  const Vec2 wanted{ground.x + width_m() / 2, ground.y + depth_m() / 2};
  // Each round shrinks the error by the product of the two slopes, 0.2 at most.
  for (int round = 0; round < 2; ++round) {
    shift.y = shift_north_.at(wanted.x - shift.x);
    shift.x = shift_east_.at(wanted.y - shift.y);
  }
  return wanted - shift;
}

Vec2 Layout::along_u(Vec2 street) const { return unit(Vec2{1, shift_north_.slope(street.x)}); }
Vec2 Layout::along_v(Vec2 street) const { return unit(Vec2{shift_east_.slope(street.y), 1}); }

Vec2 RoadSide::street(double along_m) const {
  const Vec2 a = layout_->street_of(from_), b = layout_->street_of(to_);
  return a + unit(b - a) * along_m;
}

Vec2 RoadSide::ahead(double along_m) const {
  const Vec2 grows = along_u() ? layout_->along_u(street(along_m)) : layout_->along_v(street(along_m));
  return from_.east + from_.north < to_.east + to_.north ? grows : grows * -1.0;
}

Vec2 RoadSide::point(double along_m, double right_m) const {
  return layout_->ground_of(street(along_m)) + right_of(ahead(along_m)) * right_m;
}

double RoadSide::heading_deg(double along_m) const { return heading_of(ahead(along_m)); }

bool RoadSide::at_edge() const {
  if (along_u()) return to_.east > from_.east ? from_.north == 0 : from_.north == layout_->blocks_north();
  return to_.north > from_.north ? from_.east == layout_->blocks_east() : from_.east == 0;
}

std::vector<RoadSide> road_sides_of(const Layout& layout) {
  std::vector<RoadSide> sides;
  const auto add = [&](Crossing a, Crossing b) {
    sides.emplace_back(layout, a, b);
    sides.emplace_back(layout, b, a);
  };
  for (int n = 0; n <= layout.blocks_north(); ++n)
    for (int e = 0; e <= layout.blocks_east(); ++e) {
      if (e < layout.blocks_east()) add({e, n}, {e + 1, n});
      if (n < layout.blocks_north()) add({e, n}, {e, n + 1});
    }
  return sides;
}

}  // namespace cairn::simulate
