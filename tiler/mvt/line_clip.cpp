// Liang and Barsky (1984): each edge of the box narrows the share of the segment that is inside.
#include "tiler/mvt/line_clip.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace cairn::tiler {
namespace {

constexpr double kLow = -kBuffer;
constexpr double kHigh = kExtent + kBuffer;

struct Share {
  double from = 0;
  double to = 1;
};

/// Narrows a share to where position + t * step <= limit; false when nothing remains.
bool narrow(Share& share, double position, double step, double limit) {
  if (step == 0) return position <= limit;
  const double t = (limit - position) / step;
  if (step > 0) {
    share.to = std::min(share.to, t);
  } else {
    share.from = std::max(share.from, t);
  }
  return share.from <= share.to;
}

/// The share of a segment, in units of the tile, that lies in the tile with its buffer.
std::optional<Share> share_inside(Vertex2d from, Vertex2d to) {
  const double dx = to.x - from.x;
  const double dy = to.y - from.y;
  Share share;
  const bool inside = narrow(share, from.x, dx, kHigh) && narrow(share, -from.x, -dx, -kLow) && narrow(share, from.y, dy, kHigh) &&
                      narrow(share, -from.y, -dy, -kLow);
  return inside ? std::optional{share} : std::nullopt;
}

Vertex2d in_units(Vertex2d world, TileId tile, double turn) {
  const double unit = units_of_world(tile.zoom());
  return {(world.x + turn) / unit - static_cast<double>(tile.x()) * kExtent, world.y / unit - static_cast<double>(tile.y()) * kExtent};
}

TilePoint rounded(Vertex2d position) {
  return {static_cast<std::int32_t>(std::floor(position.x + 0.5)), static_cast<std::int32_t>(std::floor(position.y + 0.5))};
}

Vertex2d along(Vertex2d from, Vertex2d to, double t) {
  if (t <= 0) return from;
  if (t >= 1) return to;
  return {from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)};
}

void extend(TilePath& path, TilePoint point) {
  if (path.empty() || path.back() != point) path.push_back(point);
}

void finish(std::vector<TilePath>& paths, TilePath& path) {
  if (path.size() >= 2) paths.push_back(std::move(path));
  path.clear();
}

void clip_turn(std::vector<TilePath>& paths, const std::vector<Vertex2d>& line, TileId tile, double turn) {
  TilePath path;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const auto from = in_units(line[i - 1], tile, turn);
    const auto to = in_units(line[i], tile, turn);
    const auto share = share_inside(from, to);
    if (!share) {
      finish(paths, path);
      continue;
    }
    if (share->from > 0) finish(paths, path);
    extend(path, rounded(along(from, to, share->from)));
    extend(path, rounded(along(from, to, share->to)));
    if (share->to < 1) finish(paths, path);
  }
  finish(paths, path);
}

}  // namespace

TilePoint tile_point_of(WorldPoint point, TileId tile) {
  return rounded(in_units({static_cast<double>(point.x), static_cast<double>(point.y)}, tile, 0));
}

std::vector<TilePath> clipped_to_tile(const Run& run, TileId tile) {
  std::vector<TilePath> paths;
  const auto line = unwrapped(run);
  if (line.size() < 2) return paths;
  const auto [west, east] = std::ranges::minmax(line, {}, &Vertex2d::x);
  clip_turn(paths, line, tile, 0);
  if (west.x < 0) clip_turn(paths, line, tile, kWorldWidth);
  if (east.x >= kWorldWidth) clip_turn(paths, line, tile, -kWorldWidth);
  return paths;
}

bool touches_tile(Vertex2d from, Vertex2d to, TileId tile) {
  return share_inside(in_units(from, tile, 0), in_units(to, tile, 0)).has_value();
}

}  // namespace cairn::tiler
