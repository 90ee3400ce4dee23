#pragma once
// What a tile holds between zooms, in whole numbers only, so that merging is exact in any order.

#include "tiler/mvt/line_run.hpp"
#include "tiler/tile_set.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace cairn::tiler {

inline constexpr int kLinesFromZoom = 6;     ///< below, only cells show where people have driven
inline constexpr int kGridToZoom = 6;        ///< Panoramax: grid above this zoom is not shown
inline constexpr int kCellBitsPerTile = 6;   ///< low zooms show 64 x 64 cells per tile
/// Below base zoom: half a megabyte packed, and a bound for what a change of one feature costs.
inline constexpr std::size_t kMostFeatures = 6000;

struct FeatureDot {
  FeatureId id;
  WorldPoint point;
  ObjectClass object = ObjectClass::sign;
  FeatureState state = FeatureState::seen;
  std::uint32_t existence_percent = 0;
  std::uint32_t accuracy_dm = 0;
  std::uint32_t facing_plus_one = 0;  ///< whole degrees + 1; 0 when unknown
  std::int32_t first_day = 0;
  std::int32_t last_day = 0;
  std::uint32_t views = 0;
  std::uint32_t contributors = 0;
  int min_zoom = 0;
  friend auto operator<=>(const FeatureDot&, const FeatureDot&) = default;
};

/// A square of the world of which 2^bits stand side by side; the bits follow from the zoom and are not kept.
struct Cell {
  std::uint32_t y = 0;
  std::uint32_t x = 0;
  friend auto operator<=>(const Cell&, const Cell&) = default;
};

struct CoverageCell {
  Cell cell;
  std::int32_t last_day = 0;
  std::uint64_t cells = 0;   ///< road cells and octants inside
  std::uint64_t passes = 0;  ///< their passes, added up
  friend auto operator<=>(const CoverageCell&, const CoverageCell&) = default;
};

struct PictureCell {
  Cell cell;
  std::uint64_t flat = 0;
  std::uint64_t full_circle = 0;
  friend auto operator<=>(const PictureCell&, const PictureCell&) = default;
};

struct SequenceLine {
  SequenceId id;
  AccountId account;
  std::int32_t day = 0;
  Projection projection = Projection::flat;
  std::uint32_t accuracy_dm = 0;
  std::uint32_t pixel_density = 0;
  std::string camera_model;
  std::vector<Run> runs;
  friend auto operator<=>(const SequenceLine&, const SequenceLine&) = default;
};

/// Every list is sorted by its first member, with nothing twice.
struct Rollup {
  std::vector<FeatureDot> features;
  std::vector<CoverageCell> coverage;
  std::vector<PictureCell> pictures;
  std::vector<SequenceLine> sequences;
  bool empty() const { return features.empty() && coverage.empty() && pictures.empty() && sequences.empty(); }
};

/// The zoom from which on a feature shows: likely ones stay one zoom longer, and of the rest two in five survive each step out,
/// chosen by a hash of the id. A pure function of the feature.
int min_zoom_of(FeatureId id, std::uint32_t existence_percent);

/// How many bits of x and y name a cell at a zoom. Cells of pictures are finest where Panoramax shows them last.
int coverage_bits(int zoom);
int picture_bits(int zoom);
/// The middle of a cell.
WorldPoint middle_of(Cell cell, int bits);
Cell cell_of(WorldPoint point, int bits);

/// The items of a base tile in the order of their ids, none twice; of two that disagree the smaller is taken.
std::vector<const FrameItem*> frames_once(const std::vector<FrameItem>& frames);
std::vector<const CoverageItem*> coverage_once(const std::vector<CoverageItem>& coverage);

/// The knowledge in a base tile's items, in the cells of its zoom.
Rollup rollup_of(TileSet set, TileId tile, const BaseItems& items);
/// The union of what four children handed up: in the cells of their parent's zoom.
Rollup merged(std::vector<Rollup> children);
/// What shows at a tile's zoom: vertices and specks that don't are dropped, and of too many features those that are gone first further out.
void thin_to_tile(Rollup& rollup, TileSet set, TileId tile);
/// What the parent will need of a tile, and no more: in the cells of the parent's zoom.
Rollup handed_up(Rollup rollup, TileId tile);

/// Versioned bytes; the same rollup gives the same bytes. Nothing for an empty one.
Bytes encoded(const Rollup& rollup);
/// Throws std::runtime_error when the bytes are not exactly what `encoded` makes.
Rollup decoded(ByteView bytes);

}  // namespace cairn::tiler
