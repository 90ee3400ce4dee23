#include "services/tiling/base_items.hpp"

#include "services/store/map.hpp"
#include "tiler/engine.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace cairn::tiling {
namespace {

constexpr std::size_t kMostSequences = 100'000;  ///< remembered at once: some 20 MB

double fov_of(const Camera& camera) {
  if (!camera.focal_px || camera.width_px <= 0) return 0;
  return 2 * std::atan(camera.width_px / 2.0 / *camera.focal_px) * 180 / std::numbers::pi;
}

tiler::FrameItem frame_item_of(const store::ShownFrame& frame) {
  return {frame.id, frame.sequence, frame.account, frame.taken_at, frame.place, frame.heading_deg, frame.accuracy_m, frame.quality, frame.camera.model,
          frame.camera.projection, frame.width_px, fov_of(frame.camera)};
}

/// A sequence is shown as its first frame is.
tiler::SequenceItem sequence_item_of(const store::ShownFrame& first) {
  return {first.sequence, first.account, first.taken_at, first.camera.model, first.camera.projection, first.accuracy_m, first.width_px, fov_of(first.camera), {}};
}

bool lies_in(TileId tile, MortonRange range) {
  const auto first = morton_range_of(tile).first;
  return first >= range.first && first < range.end;
}

}  // namespace

BaseTiles BaseItemsReader::in(MortonRange range) {
  using enum tiler::TileSet;
  if (set_ != coverage) add_drives(range);
  if (set_ == map) add_features(range);
  if (set_ != panoramax) add_coverage(range);
  return std::exchange(tiles_, {});
}

tiler::BaseItems BaseItemsReader::in(TileId base_tile) {
  auto tiles = in(morton_range_of(base_tile));
  return tiles.empty() ? tiler::BaseItems{} : std::move(tiles.begin()->second.items);
}

MortonKey BaseItemsReader::end_of_range(MortonKey first, int rows) {
  const auto world = morton_range_of(TileId{}).end;
  const auto base = world >> (2 * tiler::base_zoom_of(set_));  // keys of a base tile
  const auto end = store::key_behind_rows(session_, first, rows).value_or(world);
  return std::max(end / base * base, first + base);
}

tiler::BaseItems& BaseItemsReader::items_of(TileId tile) {
  auto& base = tiles_[morton_range_of(tile).first];
  base.tile = tile;
  return base.items;
}

/// Frames, and the lines of their sequences from the vertex before the first one here to that behind the last.
void BaseItemsReader::add_drives(MortonRange range) {
  struct Ordinals {
    int first, last;
  };
  std::map<SequenceId, Ordinals> passing;
  for (const auto& frame : store::shown_frames_in(session_, range)) {
    items_at(frame.place).frames.push_back(frame_item_of(frame));
    if (!frame.line_ordinal) continue;
    auto& here = passing.try_emplace(frame.sequence, Ordinals{*frame.line_ordinal, *frame.line_ordinal}).first->second;
    here = {std::min(here.first, *frame.line_ordinal), std::max(here.last, *frame.line_ordinal)};
  }
  for (const auto& [sequence, here] : passing) add_line(sequence, store::line_points(session_, sequence, here.first - 1, here.last + 1), range);
}

/// A base tile gets each vertex in it, and the vertices before and after.
void BaseItemsReader::add_line(SequenceId id, const std::vector<store::LinePoint>& points, MortonRange range) {
  auto sequence = sequence_without_vertices(id);
  if (!sequence) return;
  std::map<TileId, std::vector<tiler::LineVertex>> pieces;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto tile = base_tile_touched(set_, points[i].place);
    if (!lies_in(tile, range)) continue;
    auto& piece = pieces[tile];
    for (auto near = i - std::min<std::size_t>(i, 1); near < std::min(i + 2, points.size()); ++near) {
      const auto& point = points[near];
      const bool is_next = std::abs(point.ordinal - points[i].ordinal) <= 1;
      if (is_next && (piece.empty() || piece.back().ordinal < point.ordinal)) piece.push_back({point.ordinal, point.place, point.line_zoom});
    }
  }
  for (auto& [tile, vertices] : pieces) {
    sequence->vertices = std::move(vertices);
    items_of(tile).sequences.push_back(*sequence);
  }
}

void BaseItemsReader::add_features(MortonRange range) {
  for (auto& feature : store::shown_features_in(session_, range)) {
    auto& items = items_at(feature.place);
    items.features.push_back(std::move(feature));
  }
}

void BaseItemsReader::add_coverage(MortonRange range) {
  for (const auto& row : store::coverage_in(session_, range)) {
    items_at(row.place).coverage.push_back({row.cell, row.octant, row.place, row.last_seen, row.passes});
  }
}

std::optional<tiler::SequenceItem> BaseItemsReader::sequence_without_vertices(SequenceId id) {
  if (const auto found = sequences_.find(id); found != sequences_.end()) return found->second;
  if (sequences_.size() == kMostSequences) sequences_.clear();
  const auto first = store::first_shown_frame(session_, id);
  auto& sequence = sequences_[id];
  if (first) sequence = sequence_item_of(*first);
  return sequence;
}

}  // namespace cairn::tiling
