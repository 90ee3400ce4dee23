#include "services/tiling/base_items.hpp"

#include "services/store/map.hpp"
#include "services/store/published.hpp"
#include "tiler/engine.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>
#include <utility>

namespace cairn::tiling {
namespace {

constexpr std::size_t kMostSequences = 100'000;  ///< remembered at once: some 20 MB

double fov_of(const Camera& camera) {
  if (!camera.focal_px || camera.width_px <= 0) return 0;
  return 2 * std::atan(camera.width_px / 2.0 / *camera.focal_px) * 180 / std::numbers::pi;
}

tiler::FrameItem frame_item_of(const store::FrameRow& row) {
  tiler::FrameItem item;
  item.id = row.id;
  item.sequence = row.sequence.value_or(SequenceId{});
  item.account = row.account;
  item.taken_at = row.taken_at;
  item.place = row.place;
  item.heading_deg = row.heading_deg.value_or(0);
  if (row.verdict) {
    item.accuracy_m = row.verdict->pose.accuracy_m;
    item.quality = row.verdict->quality;
  }
  item.camera_model = row.capture.camera.model;
  item.projection = row.capture.camera.projection;
  item.width_px = row.observation ? row.observation->width_px : row.capture.camera.width_px;
  item.fov_deg = fov_of(row.capture.camera);
  return item;
}

/// A sequence is shown as its first frame is.
tiler::SequenceItem sequence_item_of(const store::FrameRow& first) {
  const auto frame = frame_item_of(first);
  return {frame.sequence, frame.account, frame.taken_at, frame.camera_model, frame.projection, frame.accuracy_m, frame.width_px, frame.fov_deg, {}};
}

bool lies_in(TileId tile, MortonRange range) {
  const auto first = morton_range_of(tile).first;
  return first >= range.first && first < range.end;
}

}  // namespace

std::map<MortonKey, BaseTile> BaseItemsReader::in(MortonRange range) {
  using enum tiler::TileSet;
  if (set_ != coverage) add_frames(range);
  if (set_ != coverage) add_lines(range);
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

void BaseItemsReader::add_frames(MortonRange range) {
  for (const auto& row : store::published_frames_in(session_, range)) items_at(row.place).frames.push_back(frame_item_of(row));
}

void BaseItemsReader::add_features(MortonRange range) {
  for (auto& feature : store::features_in(session_, range)) {
    auto& items = items_at(feature.place);
    items.features.push_back(std::move(feature));
  }
}

void BaseItemsReader::add_coverage(MortonRange range) {
  for (const auto& row : store::coverage_in(session_, range)) {
    items_at(row.place).coverage.push_back({row.cell, row.octant, row.place, row.last_seen, row.passes});
  }
}

/// A base tile gets each vertex in it, and the vertices before and after.
void BaseItemsReader::add_lines(MortonRange range) {
  const auto points = store::line_points_through(session_, range);
  std::map<std::pair<TileId, SequenceId>, std::vector<tiler::LineVertex>> pieces;
  for (std::size_t here = 0; here < points.size(); ++here) {
    const auto& point = points[here];
    const auto is_near = [&](const store::LinePoint& other) { return other.sequence == point.sequence && std::abs(other.ordinal - point.ordinal) <= 1; };
    std::set<TileId> tiles;
    for (auto i = here; i < points.size() && is_near(points[i]); ++i) tiles.insert(base_tile_touched(set_, points[i].place));
    for (auto i = here; i > 0 && is_near(points[i - 1]); --i) tiles.insert(base_tile_touched(set_, points[i - 1].place));
    for (const auto tile : tiles) {
      if (lies_in(tile, range)) pieces[{tile, point.sequence}].push_back({point.ordinal, point.place, point.line_zoom});
    }
  }
  for (auto& [piece, vertices] : pieces) {
    auto sequence = sequence_without_vertices(piece.second);
    if (!sequence) continue;
    sequence->vertices = std::move(vertices);
    items_of(piece.first).sequences.push_back(std::move(*sequence));
  }
}

std::optional<tiler::SequenceItem> BaseItemsReader::sequence_without_vertices(SequenceId id) {
  if (const auto found = sequences_.find(id); found != sequences_.end()) return found->second;
  if (sequences_.size() == kMostSequences) sequences_.clear();
  const auto first = store::first_published_frame(session_, id);
  auto& sequence = sequences_[id];
  if (first) sequence = sequence_item_of(*first);
  return sequence;
}

}  // namespace cairn::tiling
