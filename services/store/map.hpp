#pragma once
// What the map is made from: sightings, features, coverage.

#include "core/feature.hpp"
#include "core/tile_id.hpp"
#include "services/store/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::store {

/// Replaces the sightings of a sequence; gives those that were there before.
std::vector<Sighting> replace_sightings(Session&, SequenceId sequence, const std::vector<Sighting>&);
/// Sightings in any of the tiles (given as the cell and its neighbours), sorted by id.
std::vector<Sighting> sightings_in(Session&, const std::vector<TileId>& cells);

/// Replaces the features that a merge cell owns; gives those that were there before.
std::vector<Feature> replace_features(Session&, TileId cell, const std::vector<Feature>&);
/// As a map shows them: without their sightings, in any order.
std::vector<Feature> shown_features_in(Session&, MortonRange range);
std::vector<Feature> all_features(Session&);
std::optional<Feature> find_feature(Session&, FeatureId id);
/// Those of some features that there are.
std::vector<Feature> features_among(Session&, const std::vector<FeatureId>& ids);

/// Where a feature stands in the order of lists: along the Morton curve, then by id.
struct FeatureMark {
  MortonKey morton = -1;                 ///< before everything
  FeatureId id;
};
/// A page of features costs what it reads of the index on places, however many there are elsewhere.
struct FeaturePage {
  std::optional<GeoBounds> within;       ///< nothing: everywhere; west beyond east: across the date line
  std::optional<UtcTime> seen_after, seen_before;  ///< the time from its first to its last sighting has something of this
  std::optional<ObjectClass> object;     ///< nothing: every class
  FeatureMark behind;                    ///< the page begins behind this one
  int limit = 1000;
  int most_read = 20'000;                ///< rows looked at, so that a page for which few are wanted costs no more: 0.2 s
};
struct FoundFeatures {
  std::vector<Feature> features;         ///< fewer than `limit`, even none, where much that was read is not wanted
  std::optional<FeatureMark> last;       ///< where the next page goes on; nothing when nothing comes behind
};
FoundFeatures list_features(Session&, const FeaturePage&);

struct CoverageVisit {
  std::uint64_t cell = 0;                ///< S2
  int octant = 0;
  LatLon place;
  UtcTime last_seen{};
};
/// Replaces what a sequence covered; gives the places that were there before.
std::vector<LatLon> replace_coverage(Session&, SequenceId sequence, const std::vector<CoverageVisit>&);
struct CoverageRow {
  std::uint64_t cell = 0;
  int octant = 0;
  LatLon place;
  UtcTime last_seen{};
  int passes = 0;
};
/// Of the cells whose centre lies in a range, in any order.
std::vector<CoverageRow> coverage_in(Session&, MortonRange range);

/// Where all of them lie; nothing when there are none.
std::optional<GeoBounds> coverage_extent(Session&);

/// How far along the curve `rows` rows of frames, features or coverage reach, whichever reach least far; nothing: to its end.
std::optional<MortonKey> key_behind_rows(Session&, MortonKey first, int rows);

/// Every place that shows on the map: published frames, features, coverage.
std::vector<LatLon> all_places(Session&);

}  // namespace cairn::store
