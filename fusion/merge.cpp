#include "fusion/merge.hpp"

#include "core/angle.hpp"
#include "fusion/cluster.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <set>

namespace cairn::fusion {
namespace {

constexpr double kBestAccuracy_m = 0.3;  ///< a sighting that claims more is not believed: it would outweigh all others
constexpr double kBelief = 0.7;          ///< in one contributor's detection of score 1
constexpr double kMercatorWidth_m = 2 * std::numbers::pi * 6'378'137.0;
constexpr double kMarginSlack = 1.02;  ///< the ellipsoid against Mercator's sphere: at most 0.7 %

/// Contributor and day: all sightings of one weigh together as much as their mean.
using Voter = std::pair<AccountId, std::int64_t>;
Voter voter_of(const Sighting& sighting) {
  return {sighting.contributor, std::chrono::floor<std::chrono::days>(sighting.first_seen).time_since_epoch().count()};
}

/// Inverse variances; the sightings of one contributor and day share one vote, because they share their receiver's
/// error.
std::vector<double> weights_of(const std::vector<Sighting>& members) {
  std::map<Voter, int> votes;
  for (const auto& member : members) ++votes[voter_of(member)];
  std::vector<double> weights;
  for (const auto& member : members) {
    const double accuracy_m = std::isfinite(member.accuracy_m) ? std::max(kBestAccuracy_m, member.accuracy_m) : 1e3;
    weights.push_back(1 / (accuracy_m * accuracy_m * votes[voter_of(member)]));
  }
  return weights;
}

/// 1 - the chance that every contributor's best detection was wrong.
double existence_of(const std::vector<Sighting>& members) {
  std::map<AccountId, double> best;
  for (const auto& member : members)
    best[member.contributor] = std::max(best[member.contributor], std::clamp(member.score, 0.0, 1.0));
  double all_wrong = 1;
  for (const auto& [account, score] : best) all_wrong *= 1 - kBelief * score;
  return 1 - all_wrong;
}

void place(Feature& feature, const Cluster& cluster) {
  const auto weights = weights_of(cluster.members);
  double sum = 0, east = 0, north = 0, height = 0, facing_east = 0, facing_north = 0;
  bool faces = false;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto& member = cluster.members[i];
    const auto step = step_between(cluster.seed.place, member.place);
    sum += weights[i];
    east += weights[i] * step.east_m;
    north += weights[i] * step.north_m;
    height += weights[i] * member.height_m;
    if (!member.facing_deg) continue;
    faces = true;
    facing_east += weights[i] * std::sin(*member.facing_deg / kDegrees);
    facing_north += weights[i] * std::cos(*member.facing_deg / kDegrees);
  }
  feature.place = moved(cluster.seed.place, {east / sum, north / sum});
  feature.height_m = height / sum;
  feature.accuracy_m = 1 / std::sqrt(sum);
  if (faces) feature.facing_deg = heading_within_circle(std::atan2(facing_east, facing_north) * kDegrees);
}

Feature feature_of(const Cluster& cluster, const MergeRules& rules) {
  Feature feature;
  feature.id = FeatureId::derived_from({"feature", code_of(cluster.seed.object), cluster.seed.id.text()});
  feature.object = cluster.seed.object;
  feature.first_seen = cluster.seed.first_seen;
  feature.last_seen = cluster.seed.last_seen;
  std::set<AccountId> contributors;
  for (const auto& member : cluster.members) {
    contributors.insert(member.contributor);
    feature.sightings.push_back(member.id);
    feature.views += static_cast<int>(member.frames.size());
    feature.first_seen = std::min(feature.first_seen, member.first_seen);
    feature.last_seen = std::max(feature.last_seen, member.last_seen);
  }
  feature.contributors = static_cast<int>(contributors.size());
  feature.state = feature.contributors >= rules.confirmed_contributors ? FeatureState::confirmed : FeatureState::seen;
  feature.existence = existence_of(cluster.members);
  place(feature, cluster);
  return feature;
}

}  // namespace

std::vector<TileId> merge_cells_around(LatLon place) {
  const auto side = std::int64_t{1} << kMergeZoom;
  const double tile_width_m =
      kMercatorWidth_m * std::cos(std::min(85.05, std::abs(place.lat_deg())) / kDegrees) / static_cast<double>(side);
  const double unit_m = tile_width_m * static_cast<double>(side) / 4'294'967'296.0;
  const auto margin = static_cast<std::int64_t>(std::ceil(kMergeMargin_m * kMarginSlack / unit_m));
  const auto centre = world_point_of(place);
  constexpr int kShift = 32 - kMergeZoom;
  std::vector<TileId> cells;
  for (std::int64_t y = (centre.y - margin) >> kShift; y <= (centre.y + margin) >> kShift; ++y) {
    for (std::int64_t x = (centre.x - margin) >> kShift; x <= (centre.x + margin) >> kShift; ++x) {
      const auto cell = TileId::from_zxy(kMergeZoom, (x + side) % side, y);  // the map's left and right edges meet
      if (cell) cells.push_back(*cell);
    }
  }
  std::ranges::sort(cells);
  return cells;
}

std::vector<Feature> merge(const std::vector<Sighting>& sightings, TileId cell, const MergeRules& rules) {
  std::vector<Feature> features;
  for (const auto& cluster : clusters_of(sightings, rules)) {
    if (tile_of(cluster.seed.place, kMergeZoom) == cell) features.push_back(feature_of(cluster, rules));
  }
  std::ranges::sort(features, {}, &Feature::id);
  return features;
}

}  // namespace cairn::fusion
