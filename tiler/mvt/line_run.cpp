#include "tiler/mvt/line_run.hpp"

#include <algorithm>

namespace cairn::tiler {
namespace {


/// Adds a position in the turn of the world that lies nearest to the last one.
void continue_path(std::vector<Vertex2d>& path, WorldPoint point) {
  Vertex2d next{static_cast<double>(point.x), static_cast<double>(point.y)};
  if (!path.empty()) {
    while (next.x - path.back().x > kWorldWidth / 2) next.x -= kWorldWidth;
    while (path.back().x - next.x > kWorldWidth / 2) next.x += kWorldWidth;
  }
  path.push_back(next);
}

/// Puts one vertex per ordinal; where two disagree the smaller wins, so that the order of merging doesn't matter.
void tidy(Run& run) {
  std::ranges::sort(run);
  const auto same = [](const RunVertex& a, const RunVertex& b) { return a.ordinal == b.ordinal; };
  run.erase(std::unique(run.begin(), run.end(), same), run.end());
}

}  // namespace

std::vector<Run> runs_of(const std::vector<LineVertex>& vertices) {
  Run all;
  all.reserve(vertices.size());
  for (const auto& vertex : vertices) {
    all.push_back({vertex.ordinal, world_point_of(vertex.place), std::clamp(vertex.min_zoom, 0, kEveryVertexZoom)});
  }
  tidy(all);
  std::vector<Run> runs;
  for (const auto& vertex : all) {
    const bool follows = !runs.empty() && std::int64_t{runs.back().back().ordinal} + 1 == vertex.ordinal;
    if (!follows) runs.emplace_back();
    runs.back().push_back(vertex);
  }
  return runs;
}

std::vector<Run> joined(std::vector<Run> runs) {
  std::erase_if(runs, [](const Run& run) { return run.empty(); });
  std::ranges::sort(runs);
  std::vector<Run> result;
  std::int64_t last = 0;
  for (auto& run : runs) {
    const bool apart = result.empty() || run.front().ordinal > last + 1;
    last = apart ? run.back().ordinal : std::max<std::int64_t>(last, run.back().ordinal);
    if (apart) {
      result.push_back(std::move(run));
    } else {
      result.back().insert(result.back().end(), run.begin(), run.end());
    }
  }
  for (auto& run : result) tidy(run);
  return result;
}

void thin_to_zoom(Run& run, int zoom) {
  if (run.size() <= 2) return;
  const auto last = run.back();
  const auto hidden = [zoom](const RunVertex& vertex) { return vertex.min_zoom > zoom; };
  run.erase(std::remove_if(run.begin() + 1, run.end() - 1, hidden), run.end());
  run.push_back(last);
}

bool is_speck(const Run& run, TileId tile, int units) {
  if (tile_of(run.front().point, tile.zoom()) != tile || tile_of(run.back().point, tile.zoom()) != tile) return false;
  const auto [west, east] = std::ranges::minmax(run, {}, [](const RunVertex& v) { return v.point.x; });
  const auto [north, south] = std::ranges::minmax(run, {}, [](const RunVertex& v) { return v.point.y; });
  const double least = units * units_of_world(tile.zoom());
  return east.point.x - west.point.x < least && south.point.y - north.point.y < least;
}

std::vector<Vertex2d> unwrapped(const std::vector<LatLon>& line) {
  std::vector<Vertex2d> path;
  path.reserve(line.size());
  for (const auto place : line) continue_path(path, world_point_of(place));
  return path;
}

std::vector<Vertex2d> unwrapped(const Run& run) {
  std::vector<Vertex2d> path;
  path.reserve(run.size());
  for (const auto& vertex : run) continue_path(path, vertex.point);
  return path;
}

}  // namespace cairn::tiler
