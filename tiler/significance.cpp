// Douglas and Peucker (1973), turned around: instead of asking which vertices survive one tolerance, every vertex gets the
// tolerance up to which it survives, and from that its lowest zoom.
#include "tiler/significance.hpp"

#include "tiler/tile_set.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cairn::tiler {
namespace {

struct Span {
  std::size_t first = 0;
  std::size_t last = 0;
  double importance = 0;  ///< of the vertex that was split to make this span: nothing inside may outlive it
};

double distance_to_segment(const Vertex2d& point, const Vertex2d& from, const Vertex2d& to) {
  const double dx = to.x - from.x;
  const double dy = to.y - from.y;
  const double square = dx * dx + dy * dy;
  const double along = square > 0 ? ((point.x - from.x) * dx + (point.y - from.y) * dy) / square : 0;
  const double t = std::clamp(along, 0.0, 1.0);
  const double off_x = point.x - (from.x + t * dx);
  const double off_y = point.y - (from.y + t * dy);
  return std::sqrt(off_x * off_x + off_y * off_y);
}

int zoom_from(double importance) {
  for (int zoom = 0; zoom < kEveryVertexZoom; ++zoom) {
    if (importance >= kSimplifyUnits * units_of_world(zoom)) return zoom;
  }
  return kEveryVertexZoom;
}

}  // namespace

std::vector<double> importance_of(std::span<const Vertex2d> path, double least) {
  std::vector<double> importances(path.size(), 0);
  if (path.empty()) return importances;
  constexpr double kAlways = std::numeric_limits<double>::infinity();
  importances.front() = importances.back() = kAlways;

  std::vector<Span> open{{0, path.size() - 1, kAlways}};
  while (!open.empty()) {
    const auto span = open.back();
    open.pop_back();
    if (span.last < span.first + 2) continue;
    std::size_t farthest = span.first + 1;
    double distance = -1;
    for (std::size_t i = span.first + 1; i < span.last; ++i) {
      const double d = distance_to_segment(path[i], path[span.first], path[span.last]);
      if (d > distance) {
        distance = d;
        farthest = i;
      }
    }
    const double importance = std::min(distance, span.importance);
    if (importance < least) continue;
    importances[farthest] = importance;
    open.push_back({span.first, farthest, importance});
    open.push_back({farthest, span.last, importance});
  }
  return importances;
}

std::vector<int> significance_of(const std::vector<LatLon>& line) {
  const auto importances = importance_of(unwrapped(line), kSimplifyUnits * units_of_world(kEveryVertexZoom - 1));
  std::vector<int> zooms;
  zooms.reserve(line.size());
  for (const double importance : importances) zooms.push_back(zoom_from(importance));
  return zooms;
}

}  // namespace cairn::tiler
