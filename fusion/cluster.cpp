#include "fusion/cluster.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

// In a round every free sighting that no better one in its reach could take becomes a seed, and every free sighting
// joins the nearest seed that can take it; a second round does the same with what is left, and what is left then stands
// for itself. Whether a sighting is a seed of the first round depends on one reach around it, whether it is taken in
// that round on two, a seed of the second round on three, and the members of such a seed on five: kMergeMargin_m. No
// order of input enters.

namespace cairn::fusion {
namespace {

constexpr int kRounds = 2;
constexpr double kFarthestReach_m = kMergeMargin_m / 5;
constexpr double kOnePole_m = 1.5;           ///< things seen in one picture are two unless they are this near
constexpr double kMostFacingTurn_deg = 100;  ///< a sign that faces the other way is another one
constexpr double kNorthStep_m = 110'500.0;   ///< the shortest degree of latitude on WGS84 (at the equator: 110,574 m)

double distance_m(const Sighting& a, const Sighting& b) {
  const auto step = step_between(a.place, b.place);
  return std::hypot(step.east_m, step.north_m);
}

double accuracy_of(const Sighting& sighting) {
  return std::isfinite(sighting.accuracy_m) ? std::max(0.0, sighting.accuracy_m) : 1e3;
}

/// Well-placed ones first, then early ones, so that later sightings seldom rename a feature.
auto rank_of(const Sighting& sighting, const MergeRules& rules) {
  return std::tuple{accuracy_of(sighting) > rules.radius_m, sighting.first_seen, sighting.id};
}

double reach_m(const Sighting& a, const Sighting& b, const MergeRules& rules) {
  return std::min(rules.radius_m + std::hypot(accuracy_of(a), accuracy_of(b)), kFarthestReach_m);
}

bool seen_together(const Sighting& a, const Sighting& b) {
  return a.sequence == b.sequence && std::ranges::any_of(a.frames, [&](const FrameId& frame) {
           return std::ranges::find(b.frames, frame) != b.frames.end();
         });
}

/// How far two sightings lie apart if they can be one thing.
std::optional<double> distance_if_one(const Sighting& a, const Sighting& b, const MergeRules& rules) {
  if (a.object != b.object) return std::nullopt;
  const double apart_m = distance_m(a, b);
  if (apart_m > reach_m(a, b, rules)) return std::nullopt;
  if (a.facing_deg && b.facing_deg && std::abs(turn_deg(*a.facing_deg, *b.facing_deg)) > kMostFacingTurn_deg)
    return std::nullopt;
  if (apart_m > kOnePole_m && seen_together(a, b)) return std::nullopt;
  return apart_m;
}

struct Neighbour {
  std::size_t index;
  double distance_m;
};

/// For every sighting those that can be one thing with it. `sightings` are sorted by latitude.
std::vector<std::vector<Neighbour>> neighbours_of(const std::vector<Sighting>& sightings, const MergeRules& rules) {
  const double window_e7 = kFarthestReach_m / kNorthStep_m * 1e7 + 1;
  std::vector<std::vector<Neighbour>> neighbours(sightings.size());
  for (std::size_t i = 0; i < sightings.size(); ++i) {
    for (std::size_t j = i + 1;
         j < sightings.size() && sightings[j].place.lat_e7() - sightings[i].place.lat_e7() <= window_e7; ++j) {
      const auto apart = distance_if_one(sightings[i], sightings[j], rules);
      if (!apart) continue;
      neighbours[i].push_back({j, *apart});
      neighbours[j].push_back({i, *apart});
    }
  }
  return neighbours;
}

class Grouping {
 public:
  Grouping(const std::vector<Sighting>& sightings, const MergeRules& rules)
      : sightings_{sightings}, rules_{rules}, neighbours_{neighbours_of(sightings, rules)}, seed_of_(sightings.size()) {
    for (int round = 0; round < kRounds; ++round) run_round();
    for (std::size_t i = 0; i < seed_of_.size(); ++i) seed_of_[i] = seed_of_[i].value_or(i);
  }

  std::size_t seed_of(std::size_t i) const { return *seed_of_[i]; }

 private:
  bool best_around(std::size_t i) const {
    return std::ranges::none_of(neighbours_[i], [&](const Neighbour& n) {
      return !seed_of_[n.index] && rank_of(sightings_[n.index], rules_) < rank_of(sightings_[i], rules_);
    });
  }

  void run_round() {
    std::vector<bool> is_seed(sightings_.size(), false);
    for (std::size_t i = 0; i < sightings_.size(); ++i) is_seed[i] = !seed_of_[i] && best_around(i);
    auto taken = seed_of_;
    for (std::size_t i = 0; i < sightings_.size(); ++i) {
      if (seed_of_[i]) continue;
      taken[i] = is_seed[i] ? std::optional{i} : nearest_seed(i, is_seed);
    }
    seed_of_ = std::move(taken);
  }

  std::optional<std::size_t> nearest_seed(std::size_t i, const std::vector<bool>& is_seed) const {
    std::optional<Neighbour> best;
    const auto order = [&](const Neighbour& n) {
      return std::tuple{n.distance_m, rank_of(sightings_[n.index], rules_)};
    };
    for (const auto& neighbour : neighbours_[i]) {
      if (is_seed[neighbour.index] && (!best || order(neighbour) < order(*best))) best = neighbour;
    }
    return best ? std::optional{best->index} : std::nullopt;
  }

  const std::vector<Sighting>& sightings_;
  const MergeRules& rules_;
  std::vector<std::vector<Neighbour>> neighbours_;
  std::vector<std::optional<std::size_t>> seed_of_;
};

}  // namespace

std::vector<Cluster> clusters_of(std::vector<Sighting> sightings, const MergeRules& rules) {
  std::ranges::sort(sightings, {}, [](const Sighting& s) { return std::tuple{s.id, s.place, s.first_seen}; });
  const auto is_same = [](const Sighting& a, const Sighting& b) { return a.id == b.id; };
  sightings.erase(std::unique(sightings.begin(), sightings.end(), is_same), sightings.end());  // clang 14 lacks ranges::unique
  std::ranges::stable_sort(sightings, {}, &Sighting::place);

  const Grouping grouping{sightings, rules};
  std::vector<Cluster> per_sighting(sightings.size());
  for (std::size_t i = 0; i < sightings.size(); ++i) per_sighting[grouping.seed_of(i)].members.push_back(sightings[i]);
  std::vector<Cluster> clusters;
  for (std::size_t i = 0; i < sightings.size(); ++i) {
    auto& cluster = per_sighting[i];
    if (cluster.members.empty()) continue;
    std::ranges::sort(cluster.members, {}, &Sighting::id);
    cluster.seed = sightings[i];
    clusters.push_back(std::move(cluster));
  }
  std::ranges::sort(clusters, {}, [](const Cluster& c) { return c.seed.id; });
  return clusters;
}

}  // namespace cairn::fusion
