#include "tiler/tile_set.hpp"

#include "tiler/layers.hpp"
#include "tiler/mvt/line_clip.hpp"
#include "tiler/rollup.hpp"

#include <algorithm>
#include <stdexcept>

namespace cairn::tiler {
namespace {

Bytes drawn(TileSet set, const TileContent& content) {
  switch (set) {
    case TileSet::map: return map_tile(content);
    case TileSet::panoramax: return panoramax_tile(content);
    case TileSet::coverage: return coverage_tile(content);
  }
  return {};
}

/// Whether a cell lies in a tile, or the tile in the cell.
bool overlap(Cell cell, int bits, TileId tile) {
  const int common = std::min(bits, tile.zoom());
  const auto cell_at_common = Cell{cell.y >> (bits - common), cell.x >> (bits - common)};
  return cell_at_common == Cell{tile.y() >> (tile.zoom() - common), tile.x() >> (tile.zoom() - common)};
}

/// A rollup is bytes from a store: points that lie elsewhere mean that it was mixed up or damaged.
void check_lies_in(const Rollup& rollup, TileId child) {
  const int parent_zoom = child.zoom() - 1;
  const auto dot_here = [&](const FeatureDot& dot) { return tile_of(dot.point, child.zoom()) == child; };
  const auto road_here = [&](const CoverageCell& cell) { return overlap(cell.cell, coverage_bits(parent_zoom), child); };
  const auto pictures_here = [&](const PictureCell& cell) { return overlap(cell.cell, picture_bits(parent_zoom), child); };
  const bool right = std::ranges::all_of(rollup.features, dot_here) && std::ranges::all_of(rollup.coverage, road_here) &&
                     std::ranges::all_of(rollup.pictures, pictures_here);
  if (!right) throw std::runtime_error{"the rollup of tile " + child.text() + " belongs to another tile"};
}

}  // namespace

std::string_view name_of(TileSet set) {
  constexpr std::array<std::string_view, kTileSets.size()> kNames{"map", "panoramax", "coverage"};
  return kNames[static_cast<std::size_t>(set)];
}

std::optional<TileSet> find_tile_set(std::string_view name) {
  const auto found = std::ranges::find(kTileSets, name, [](TileSet set) { return name_of(set); });
  return found == kTileSets.end() ? std::nullopt : std::optional{*found};
}

TileSet tile_set_named(std::string_view name) {
  if (const auto set = find_tile_set(name)) return *set;
  throw std::runtime_error{"there is no tile set '" + std::string{name} + "': take " + kTileSetNames};
}

int base_zoom_of(TileSet set) { return set == TileSet::panoramax ? 15 : 14; }

TileFormat format_of(TileSet set) { return set == TileSet::coverage ? TileFormat::png : TileFormat::mvt; }

std::string_view name_of(Projection projection) { return projection == Projection::flat ? "flat" : "equirectangular"; }

std::vector<TilePath> paths_in_tile(const SequenceLine& line, TileId tile) {
  std::vector<TilePath> paths;
  for (const auto& run : line.runs) std::ranges::move(clipped_to_tile(run, tile), std::back_inserter(paths));
  return paths;
}

BuiltTile build_base_tile(TileSet set, TileId tile, const BaseItems& items) {
  auto rollup = rollup_of(set, tile, items);
  thin_to_tile(rollup, set, tile);
  auto bytes = drawn(set, {tile, rollup, &items});
  return {std::move(bytes), encoded(handed_up(std::move(rollup), tile))};
}

BuiltTile build_parent_tile(TileSet set, TileId tile, const std::array<ByteView, 4>& child_rollups) {
  std::vector<Rollup> children;
  for (std::size_t i = 0; i < child_rollups.size(); ++i) {
    children.push_back(decoded(child_rollups[i]));
    check_lies_in(children.back(), tile.children()[i]);
  }
  auto rollup = merged(std::move(children));
  thin_to_tile(rollup, set, tile);
  auto bytes = drawn(set, {tile, rollup, nullptr});
  return {std::move(bytes), encoded(handed_up(std::move(rollup), tile))};
}

}  // namespace cairn::tiler
