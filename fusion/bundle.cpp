#include "fusion/triangulate.hpp"

#include "core/angle.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

// Unknowns: each point (east, north, up) with the drift of the heading while it was in view, and the two common angles
// (yaw, pitch). A point shares equations only with the common angles, so it is eliminated (Schur's complement), which
// leaves two equations however many points there are: small enough to be written out here, without a general solver.

namespace cairn::fusion {
namespace {

using Eigen::Matrix2d;
using Eigen::Matrix4d;
using Eigen::Vector2d;
using Eigen::Vector4d;
using Matrix24 = Eigen::Matrix<double, 2, 4>;
using Matrix42 = Eigen::Matrix<double, 4, 2>;

constexpr double kMissScale = 2;  ///< misses beyond it, in sigmas, count for less

struct State {
  std::vector<Point> points;
  std::vector<double> drifts;          ///< of the heading while a thing was in view, in degrees
  Vector2d common = Vector2d::Zero();  ///< yaw, pitch in degrees
};

double sigma_deg_of(const View& view, double distance_m) {
  return std::hypot(view.sigma_deg, view.sigma_m / std::max(1.0, distance_m) * kDegrees);
}

/// A view's miss in sigmas and its derivatives. Sigmas are those at the starting point, so that no point gains by going
/// far.
struct Equation {
  Vector2d miss;
  Matrix24 by_point;
  double by_common = 0;  ///< the same for yaw and pitch
};

Equation equation_of(const View& view, const Point& point, double drift_deg, const Vector2d& common, double sigma_deg) {
  const double east = point.at.east_m - view.from.east_m;
  const double north = point.at.north_m - view.from.north_m;
  const double up = point.up_m - view.up_m;
  const double ground = std::max(0.1, std::hypot(east, north));
  const double squared = ground * ground + up * up;
  const auto miss = miss_of(view, point);
  Equation equation;
  equation.miss = Vector2d{miss.azimuth_deg + common(0) + drift_deg, miss.elevation_deg + common(1)} / sigma_deg;
  equation.by_point << north / (ground * ground), -east / (ground * ground), 0, 1 / kDegrees,  //
      -up * east / (ground * squared), -up * north / (ground * squared), ground / squared, 0;
  equation.by_point *= kDegrees / sigma_deg;
  equation.by_common = 1 / sigma_deg;
  return equation;
}

double loss_of(double squared) {
  return kMissScale * kMissScale * std::log1p(squared / (kMissScale * kMissScale));
}
double weight_of(double squared) { return 1 / (1 + squared / (kMissScale * kMissScale)); }

class Problem {
 public:
  Problem(std::span<const ViewsOfThing> things, std::span<const Point> starts, const BundleRules& rules)
      : things_{things}, rules_{rules} {
    for (std::size_t i = 0; i < things.size(); ++i) {
      auto& sigmas = sigmas_.emplace_back();
      for (const auto& view : things[i]) sigmas.push_back(sigma_deg_of(view, ground_distance_of(view, starts[i])));
    }
  }

  double cost(const State& state) const {
    double sum = state.common.squaredNorm() / (rules_.mount_sigma_deg * rules_.mount_sigma_deg);
    for (std::size_t i = 0; i < things_.size(); ++i) {
      sum += std::pow(state.drifts[i] / rules_.drift_sigma_deg, 2);
      for (std::size_t j = 0; j < things_[i].size(); ++j) sum += loss_of(equation(state, i, j).miss.squaredNorm());
    }
    return sum;
  }

  /// The normal equations of one thing.
  struct Part {
    Matrix4d points = Matrix4d::Zero();
    Matrix42 mixed = Matrix42::Zero();
    Vector4d right = Vector4d::Zero();
    double common = 0;
    Vector2d common_right = Vector2d::Zero();
    double squares = 0;
  };
  Part part_of(const State& state, std::size_t i) const {
    Part part;
    const double prior = 1 / (rules_.drift_sigma_deg * rules_.drift_sigma_deg);
    part.points(3, 3) = prior;
    part.right(3) = -prior * state.drifts[i];
    for (std::size_t j = 0; j < things_[i].size(); ++j) {
      const auto e = equation(state, i, j);
      const double weight = weight_of(e.miss.squaredNorm());
      part.points += weight * e.by_point.transpose() * e.by_point;
      part.mixed += weight * e.by_common * e.by_point.transpose();
      part.right -= weight * e.by_point.transpose() * e.miss;
      part.common += weight * e.by_common * e.by_common;
      part.common_right -= weight * e.by_common * e.miss;
      part.squares += e.miss.squaredNorm();
    }
    return part;
  }

  /// Where a damped step leads; the common system's inverse comes along.
  State stepped(const State& state, double damping, Matrix2d& common_covariance) const {
    const double prior = 1 / (rules_.mount_sigma_deg * rules_.mount_sigma_deg);
    Matrix2d common = Matrix2d::Identity() * prior;
    Vector2d right = -prior * state.common;
    std::vector<Part> parts;
    std::vector<Matrix4d> inverses;
    for (std::size_t i = 0; i < things_.size(); ++i) {
      const auto& part = parts.emplace_back(part_of(state, i));
      Matrix4d damped = part.points;
      damped.diagonal() *= 1 + damping;
      damped.diagonal().array() += 1e-9;
      const auto& inverse = inverses.emplace_back(damped.inverse());
      common += Matrix2d::Identity() * part.common - part.mixed.transpose() * inverse * part.mixed;
      right += part.common_right - part.mixed.transpose() * inverse * part.right;
    }
    common_covariance = common.inverse();
    const Vector2d step = common_covariance * right;
    State next = state;
    next.common += step;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Vector4d move = inverses[i] * (parts[i].right - parts[i].mixed * step);
      next.points[i].at.east_m += move(0);
      next.points[i].at.north_m += move(1);
      next.points[i].up_m += move(2);
      next.drifts[i] += move(3);
    }
    return next;
  }

 private:
  Equation equation(const State& state, std::size_t i, std::size_t j) const {
    return equation_of(things_[i][j], state.points[i], state.drifts[i], state.common, sigmas_[i][j]);
  }

  std::span<const ViewsOfThing> things_;
  std::vector<std::vector<double>> sigmas_;
  BundleRules rules_;
};

BundledPoint finished_point(const Problem& problem, const State& state, std::size_t i, std::size_t views,
                            const Matrix2d& common_covariance) {
  const auto part = problem.part_of(state, i);
  const Matrix4d inverse = (part.points + 1e-9 * Matrix4d::Identity()).inverse();
  const Matrix42 by_common = inverse * part.mixed;
  const Matrix4d covariance = inverse + by_common * common_covariance * by_common.transpose();
  const double mean_square = part.squares / (2 * static_cast<double>(std::max<std::size_t>(1, views)));
  const double variance = (covariance(0, 0) + covariance(1, 1)) / 2 * std::max(1.0, mean_square);
  return {state.points[i], std::sqrt(std::max(0.0, variance)), std::sqrt(mean_square)};
}

}  // namespace

Bundle bundled(std::span<const ViewsOfThing> things, std::span<const Point> starts, const BundleRules& rules) {
  const Problem problem{things, starts, rules};
  State state{{starts.begin(), starts.end()}, std::vector<double>(starts.size(), 0), Vector2d::Zero()};
  Matrix2d common_covariance = Matrix2d::Identity() * rules.mount_sigma_deg * rules.mount_sigma_deg;
  double cost = problem.cost(state);
  double damping = 1e-3;
  for (int round = 0; round < rules.rounds; ++round) {
    auto next = problem.stepped(state, damping, common_covariance);
    const double next_cost = problem.cost(next);
    if (!(next_cost < cost)) {
      damping *= 10;
      continue;
    }
    const bool settled = cost - next_cost < 1e-9 * cost;
    state = std::move(next);
    cost = next_cost;
    damping = std::max(1e-9, damping / 10);
    if (settled) break;
  }
  problem.stepped(state, 0, common_covariance);

  // A miss is point minus view plus common, so `common` is what the views say too much.
  Bundle bundle{{}, state.common(0), state.common(1), std::sqrt(common_covariance(0, 0))};
  for (std::size_t i = 0; i < things.size(); ++i) {
    bundle.points.push_back(finished_point(problem, state, i, things[i].size(), common_covariance));
  }
  return bundle;
}

}  // namespace cairn::fusion
