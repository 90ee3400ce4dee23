#pragma once
// Sightings of many sequences -> features of the map, cell by cell.

#include "core/feature.hpp"
#include "core/tile_id.hpp"

#include <vector>

namespace cairn::fusion {

/// Features are merged in cells of this zoom (some 350 m wide at 55 degrees north).
inline constexpr int kMergeZoom = 16;
/// A cell's merge reads the sightings up to this far outside it, so that a feature on its border comes out the same
/// from both sides.
inline constexpr double kMergeMargin_m = 40;

struct MergeRules {
  double radius_m = 5;  ///< sightings of one class nearer than this (plus their own uncertainty) are one feature
  int confirmed_contributors = 2;
};

/// The cells whose merge must run again when a sighting here appears, changes or goes: its own and those within the
/// margin.
std::vector<TileId> merge_cells_around(LatLon place);

/// The features that the cell owns, sorted by id; from all sightings in the cell and its margin (those for whose place
/// merge_cells_around names it), in any order. More sightings than these change nothing. Every feature is owned by exactly one
/// cell: that of the sighting it is named after (its place may lie a few metres into the next).
std::vector<Feature> merge(const std::vector<Sighting>& sightings, TileId cell, const MergeRules& = {});

}  // namespace cairn::fusion
