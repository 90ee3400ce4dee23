// Douglas and Peucker (1973), turned around: instead of asking which vertices survive one tolerance, every vertex gets the
// tolerance up to which it survives, and from that its lowest zoom.
#include "tiler/tile_set.hpp"

#include "tiler/line_run.hpp"

#include <algorithm>
#include <cmath>

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

std::vector<int> significance_of(const std::vector<LatLon>& line) {
  std::vector<int> zooms(line.size(), kEveryVertexZoom);
  if (line.empty()) return zooms;
  const auto path = unwrapped(line);
  zooms.front() = zooms.back() = 0;

  std::vector<Span> open{{0, path.size() - 1, 1e18}};
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
    zooms[farthest] = zoom_from(importance);
    // All that lies in a span of no importance keeps the zoom that it began with.
    if (zooms[farthest] == kEveryVertexZoom) continue;
    open.push_back({span.first, farthest, importance});
    open.push_back({farthest, span.last, importance});
  }
  return zooms;
}

}  // namespace cairn::tiler
