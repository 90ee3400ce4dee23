#include "tiler/rollup.hpp"

#include "tiler/text_form.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace cairn::tiler {
namespace {

constexpr std::uint32_t kLikelyPercent = 80;
constexpr int kMapBaseZoom = 14;

/// splitmix64 over the sixteen bytes (Steele, Lea, Flood 2014).
std::uint64_t hash_of(const Uuid& uuid) {
  std::uint64_t hash = 0x9e3779b97f4a7c15ULL;
  for (const auto byte : uuid.bytes) {
    hash = (hash ^ byte) * 0xbf58476d1ce4e5b9ULL;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebULL;
    hash ^= hash >> 31;
  }
  return hash;
}

FeatureDot dot_of(const Feature& feature) {
  FeatureDot dot;
  dot.id = feature.id;
  dot.point = world_point_of(feature.place);
  dot.object = feature.object;
  dot.state = feature.state;
  dot.existence_percent = std::min(steps_of(feature.existence, 100), 100u);
  dot.accuracy_dm = steps_of(feature.accuracy_m, 10);
  dot.facing_plus_one = feature.facing_deg ? whole_degree(*feature.facing_deg) + 1 : 0;
  dot.first_day = day_of(feature.first_seen);
  dot.last_day = day_of(feature.last_seen);
  dot.views = static_cast<std::uint32_t>(std::max(feature.views, 0));
  dot.contributors = static_cast<std::uint32_t>(std::max(feature.contributors, 0));
  dot.min_zoom = min_zoom_of(dot.id, dot.existence_percent);
  return dot;
}

SequenceLine line_of(const SequenceItem& item) {
  SequenceLine line;
  line.id = item.id;
  line.account = item.account;
  line.day = day_of(item.first_taken_at);
  line.projection = item.projection;
  line.accuracy_dm = steps_of(item.accuracy_m, 10);
  line.pixel_density = pixel_density(item.width_px, item.fov_deg, item.projection == Projection::equirectangular);
  line.camera_model = cleaned_text(item.camera_model);
  line.runs = runs_of(item.vertices);
  return line;
}

/// Sorts a list and makes one of all neighbours that `same` finds equal; `take_in` adds the second to the first.
template <class T, class Same, class TakeIn>
void fold(std::vector<T>& list, Same same, TakeIn take_in) {
  if (!std::ranges::is_sorted(list)) std::ranges::sort(list);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (kept > 0 && same(list[kept - 1], list[i])) {
      take_in(list[kept - 1], std::move(list[i]));
    } else {
      if (kept != i) list[kept] = std::move(list[i]);
      ++kept;
    }
  }
  list.resize(kept);
}

void fold_features(std::vector<FeatureDot>& features) {
  fold(features, [](const auto& a, const auto& b) { return a.id == b.id; }, [](auto&, const auto&) {});
}

void fold_coverage(std::vector<CoverageCell>& coverage) {
  fold(coverage, [](const auto& a, const auto& b) { return a.cell == b.cell; },
       [](CoverageCell& sum, const CoverageCell& more) {
         sum.last_day = std::max(sum.last_day, more.last_day);
         sum.cells += more.cells;
         sum.passes += more.passes;
       });
}

void fold_pictures(std::vector<PictureCell>& pictures) {
  fold(pictures, [](const auto& a, const auto& b) { return a.cell == b.cell; },
       [](PictureCell& sum, const PictureCell& more) {
         sum.flat += more.flat;
         sum.full_circle += more.full_circle;
       });
}

void fold_sequences(std::vector<SequenceLine>& sequences) {
  fold(sequences, [](const auto& a, const auto& b) { return a.id == b.id; },
       [](SequenceLine& whole, SequenceLine&& piece) {
         std::ranges::move(piece.runs, std::back_inserter(whole.runs));
       });
  for (auto& sequence : sequences) sequence.runs = joined(std::move(sequence.runs));
}

void fold_all(Rollup& rollup) {
  fold_features(rollup.features);
  fold_coverage(rollup.coverage);
  fold_pictures(rollup.pictures);
  fold_sequences(rollup.sequences);
}

Cell coarser(Cell cell, int by_bits) { return {cell.y >> by_bits, cell.x >> by_bits}; }

template <class T, class Key>
std::vector<const T*> sorted_by(const std::vector<T>& list, Key key) {
  std::vector<const T*> sorted;
  sorted.reserve(list.size());
  for (const auto& item : list) sorted.push_back(&item);
  std::ranges::sort(sorted, [&](const T* a, const T* b) { return key(*a) < key(*b); });
  return sorted;
}

template <class T>
void coarsen(std::vector<T>& cells, int by_bits) {
  for (auto& cell : cells) cell.cell = coarser(cell.cell, by_bits);
}

/// Two sorted lists become one.
template <class T>
void merge_into(std::vector<T>& to, std::vector<T>&& from) {
  const auto size = static_cast<std::ptrdiff_t>(to.size());
  std::ranges::move(from, std::back_inserter(to));
  std::ranges::inplace_merge(to, to.begin() + size);
}

/// Those that show longest, chosen among equals by the hash that also decides that: the best of a tile are the best of its children's best.
void keep_best(std::vector<FeatureDot>& features, std::size_t most) {
  if (features.size() <= most) return;
  const auto rank = [](const FeatureDot& dot) { return std::tuple{dot.min_zoom, hash_of(dot.id.uuid), dot.id}; };
  std::ranges::nth_element(features, features.begin() + static_cast<std::ptrdiff_t>(most), {}, rank);
  features.resize(most);
  std::ranges::sort(features);
}

}  // namespace

int min_zoom_of(FeatureId id, std::uint32_t existence_percent) {
  auto limit = std::numeric_limits<std::uint64_t>::max() / 5 * 2;
  const auto hash = hash_of(id.uuid);
  int zoom = existence_percent >= kLikelyPercent ? kMapBaseZoom - 1 : kMapBaseZoom;
  while (zoom > 0 && hash < limit) {
    --zoom;
    limit = limit / 5 * 2;
  }
  return zoom;
}

int coverage_bits(int zoom) { return zoom + kCellBitsPerTile; }

int picture_bits(int zoom) { return std::min(zoom, kGridToZoom) + kCellBitsPerTile; }

WorldPoint middle_of(Cell cell, int bits) {
  const int shift = 32 - bits;
  const std::uint32_t half = std::uint32_t{1} << (shift - 1);
  return {(cell.x << shift) + half, (cell.y << shift) + half};
}

Cell cell_of(WorldPoint point, int bits) { return {point.y >> (32 - bits), point.x >> (32 - bits)}; }

std::vector<const FrameItem*> frames_once(const std::vector<FrameItem>& frames) {
  auto sorted = sorted_by(frames, [](const FrameItem& f) {
    return std::tie(f.id, f.sequence, f.taken_at, f.place, f.heading_deg, f.accuracy_m, f.quality, f.camera_model, f.account);
  });
  const auto same = [](const FrameItem* a, const FrameItem* b) { return a->id == b->id; };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());
  return sorted;
}

std::vector<const CoverageItem*> coverage_once(const std::vector<CoverageItem>& coverage) {
  auto sorted = sorted_by(coverage, [](const CoverageItem& c) { return std::tie(c.cell, c.octant, c.last_seen, c.passes, c.place); });
  const auto same = [](const CoverageItem* a, const CoverageItem* b) { return a->cell == b->cell && a->octant == b->octant; };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());
  return sorted;
}

Rollup rollup_of(TileSet set, TileId tile, const BaseItems& items) {
  Rollup rollup;
  if (set != TileSet::coverage) {
    for (const auto& sequence : items.sequences) rollup.sequences.push_back(line_of(sequence));
  }
  if (set == TileSet::map) {
    for (const auto& feature : items.features) rollup.features.push_back(dot_of(feature));
  }
  if (set == TileSet::panoramax) {
    for (const auto* frame : frames_once(items.frames)) {
      const bool flat = frame->projection == Projection::flat;
      rollup.pictures.push_back({cell_of(world_point_of(frame->place), picture_bits(tile.zoom())), flat ? 1u : 0u, flat ? 0u : 1u});
    }
  } else {
    for (const auto* seen : coverage_once(items.coverage)) {
      const auto cell = cell_of(world_point_of(seen->place), coverage_bits(tile.zoom()));
      rollup.coverage.push_back({cell, day_of(seen->last_seen), 1, static_cast<std::uint64_t>(std::max(seen->passes, 0))});
    }
  }
  fold_all(rollup);
  return rollup;
}

Rollup merged(std::vector<Rollup> children) {
  Rollup all;
  for (auto& child : children) {
    merge_into(all.features, std::move(child.features));
    merge_into(all.coverage, std::move(child.coverage));
    merge_into(all.pictures, std::move(child.pictures));
    merge_into(all.sequences, std::move(child.sequences));
  }
  fold_all(all);
  return all;
}

void thin_to_tile(Rollup& rollup, TileSet set, TileId tile) {
  const int zoom = tile.zoom();
  // Panoramax shows any line that has a length; on the map, half a pixel of it is the least.
  const bool at_base = zoom == base_zoom_of(set);
  const int least_units = at_base || set == TileSet::panoramax ? 1 : kSimplifyUnits;
  std::erase_if(rollup.features, [zoom](const FeatureDot& dot) { return dot.min_zoom > zoom; });
  if (!at_base) keep_best(rollup.features, kMostFeatures);
  for (auto& sequence : rollup.sequences) {
    for (auto& run : sequence.runs) thin_to_zoom(run, zoom);
    std::erase_if(sequence.runs, [&](const Run& run) { return run.size() < 2 || is_speck(run, tile, least_units); });
  }
  std::erase_if(rollup.sequences, [zoom](const SequenceLine& line) { return line.runs.empty() || zoom < kLinesFromZoom; });
}

Rollup handed_up(Rollup rollup, TileId tile) {
  if (tile.zoom() == 0) return {};
  const int parent_zoom = tile.zoom() - 1;
  std::erase_if(rollup.features, [parent_zoom](const FeatureDot& dot) { return dot.min_zoom > parent_zoom; });
  coarsen(rollup.coverage, coverage_bits(tile.zoom()) - coverage_bits(parent_zoom));
  coarsen(rollup.pictures, picture_bits(tile.zoom()) - picture_bits(parent_zoom));
  fold_coverage(rollup.coverage);
  fold_pictures(rollup.pictures);
  if (parent_zoom < kLinesFromZoom) rollup.sequences.clear();
  for (auto& sequence : rollup.sequences) {
    for (auto& run : sequence.runs) thin_to_zoom(run, parent_zoom);
  }
  return rollup;
}

}  // namespace cairn::tiler
