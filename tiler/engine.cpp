#include "tiler/engine.hpp"

#include "tiler/mvt/line_clip.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::tiler {
namespace {

std::vector<TileId> sorted_once(std::vector<TileId> tiles) {
  std::ranges::sort(tiles);
  tiles.erase(std::unique(tiles.begin(), tiles.end()), tiles.end());
  return tiles;
}

template <class Item>
std::vector<TileId> tiles_of_places(TileSet set, const std::vector<Item>& items) {
  std::vector<TileId> tiles;
  for (const auto& item : items) tiles.push_back(base_tile_touched(set, item.place));
  return sorted_once(std::move(tiles));
}

std::vector<Vertex2d> path_of(const std::vector<LineVertex>& line) {
  std::vector<LatLon> places;
  places.reserve(line.size());
  for (const auto& vertex : line) places.push_back(vertex.place);
  return unwrapped(places);
}

constexpr double kTurns[] = {0, kWorldWidth, -kWorldWidth};

/// A stretch of a line shows in a tile if one of its copies, a world's width apart, does.
bool stretch_touches(Vertex2d from, Vertex2d to, TileId tile) {
  return std::ranges::any_of(kTurns, [&](double turn) { return touches_tile({from.x + turn, from.y}, {to.x + turn, to.y}, tile); });
}

struct Interval {
  double low = 0;
  double high = 0;
};

/// The part of `along` that a straight line has while its other coordinate, from `a` to `b`, is within a band.
Interval within_band(Interval band, double a, double b, double along_a, double along_b) {
  if (a == b) return {std::min(along_a, along_b), std::max(along_a, along_b)};
  const double t0 = std::clamp((band.low - a) / (b - a), 0.0, 1.0);
  const double t1 = std::clamp((band.high - a) / (b - a), 0.0, 1.0);
  const double first = along_a + t0 * (along_b - along_a);
  const double last = along_a + t1 * (along_b - along_a);
  return {std::min(first, last), std::max(first, last)};
}

/// Row by row, so that the work follows the length of the stretch and not the box around it.
void add_tiles_touched(std::vector<TileId>& tiles, Vertex2d from, Vertex2d to, int zoom) {
  const double side = units_of_world(zoom) * kExtent;
  const double buffer = units_of_world(zoom) * kBuffer;
  const auto count = std::int64_t{1} << zoom;
  const auto index = [side](double position) { return static_cast<std::int64_t>(std::floor(position / side)); };
  for (auto y = index(std::min(from.y, to.y) - buffer); y <= index(std::max(from.y, to.y) + buffer); ++y) {
    const Interval row{static_cast<double>(y) * side - buffer, static_cast<double>(y + 1) * side + buffer};
    const auto reach = within_band(row, from.y, to.y, from.x, to.x);
    for (auto x = index(reach.low - buffer); x <= index(reach.high + buffer); ++x) {
      const auto tile = TileId::from_zxy(zoom, ((x % count) + count) % count, y);
      if (tile && stretch_touches(from, to, *tile)) tiles.push_back(*tile);
    }
  }
}

}  // namespace

std::vector<TileId> parents_of(const std::vector<TileId>& tiles) {
  std::vector<TileId> parents;
  for (const auto tile : tiles) {
    if (tile.zoom() > 0) parents.push_back(tile.parent());
  }
  return sorted_once(std::move(parents));
}

std::vector<TileId> ancestors_of(const std::vector<TileId>& tiles) {
  std::vector<TileId> all;
  for (auto level = parents_of(tiles); !level.empty(); level = parents_of(level)) all.insert(all.end(), level.begin(), level.end());
  auto once = sorted_once(std::move(all));
  std::ranges::stable_sort(once, std::ranges::greater{}, &TileId::zoom);
  return once;
}

TileId base_tile_touched(TileSet set, LatLon place) { return tile_of(place, base_zoom_of(set)); }

std::vector<TileId> base_tiles_touched(TileSet set, const std::vector<FrameItem>& frames) { return tiles_of_places(set, frames); }

std::vector<TileId> base_tiles_touched(TileSet set, const std::vector<Feature>& features) { return tiles_of_places(set, features); }

std::vector<TileId> base_tiles_touched(TileSet set, const std::vector<CoverageItem>& coverage) { return tiles_of_places(set, coverage); }

std::vector<TileId> base_tiles_touched(TileSet set, const std::vector<LineVertex>& line) {
  std::vector<TileId> tiles;
  const auto path = path_of(line);
  for (std::size_t i = 1; i < path.size(); ++i) add_tiles_touched(tiles, path[i - 1], path[i], base_zoom_of(set));
  return sorted_once(std::move(tiles));
}

std::vector<LineVertex> line_in_tile(const std::vector<LineVertex>& line, TileId tile) {
  const auto path = path_of(line);
  std::vector<LineVertex> piece;
  std::size_t taken = 0;  // vertices before this one are already in, or lie outside
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (!stretch_touches(path[i - 1], path[i], tile)) continue;
    for (auto j = std::max(taken, i - 1); j <= i; ++j) piece.push_back(line[j]);
    taken = i + 1;
  }
  return piece;
}

std::vector<TileChange> CellStore::rebuild(std::vector<TileId> dirty_base_tiles, const ItemsOf& items_of) {
  std::vector<TileChange> changes;
  rebuild(std::move(dirty_base_tiles), items_of, [&](TileChange change) { changes.push_back(std::move(change)); });
  return changes;
}

void CellStore::rebuild(std::vector<TileId> dirty_base_tiles, const ItemsOf& items_of, const TakeChange& take_change) {
  std::vector<TileId> reaching_up;
  for (const auto tile : sorted_once(std::move(dirty_base_tiles))) {
    if (keep(tile, build_base_tile(set_, tile, items_of(tile)), take_change)) reaching_up.push_back(tile);
  }
  while (!reaching_up.empty()) {
    std::vector<TileId> next;
    for (const auto tile : parents_of(reaching_up)) {
      if (keep(tile, parent_of_kept(tile), take_change)) next.push_back(tile);
    }
    reaching_up = std::move(next);
  }
}

BuiltTile CellStore::parent_of_kept(TileId tile) const {
  std::array<ByteView, 4> rollups;
  std::ranges::transform(tile.children(), rollups.begin(), [this](TileId child) { return rollup_of(child); });
  return build_parent_tile(set_, tile, rollups);
}

bool CellStore::keep(TileId tile, BuiltTile built, const TakeChange& take_change) {
  auto& kept = cells_[tile];
  const auto hash = built.bytes.empty() ? std::nullopt : std::optional{sha256_of(built.bytes)};
  const bool rollup_changed = kept.rollup != built.rollup;
  if (kept.hash != hash) take_change({tile, std::move(built.bytes)});
  kept = {std::move(built.rollup), hash};
  if (!kept.hash && kept.rollup.empty()) cells_.erase(tile);
  return rollup_changed;
}

std::optional<Sha256> CellStore::hash_of(TileId tile) const {
  const auto found = cells_.find(tile);
  return found == cells_.end() ? std::nullopt : found->second.hash;
}

std::vector<TileId> CellStore::tiles() const {
  std::vector<TileId> shown;
  for (const auto& [tile, kept] : cells_) {
    if (kept.hash) shown.push_back(tile);
  }
  return shown;
}

ByteView CellStore::rollup_of(TileId tile) const {
  const auto found = cells_.find(tile);
  return found == cells_.end() ? ByteView{} : ByteView{found->second.rollup};
}

}  // namespace cairn::tiler
