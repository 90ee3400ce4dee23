#pragma once
// Which sightings are one thing.

#include "fusion/merge.hpp"

#include <vector>

namespace cairn::fusion {

struct Cluster {
  Sighting seed;                  ///< the member that the feature is named after, and whose cell owns it
  std::vector<Sighting> members;  ///< sorted by id, the seed among them
};

/// Every sighting in exactly one cluster; sorted by the seed's id. Equal ids count once. What becomes of a cluster
/// depends only on the sightings within kMergeMargin_m of its seed.
std::vector<Cluster> clusters_of(std::vector<Sighting> sightings, const MergeRules&);

}  // namespace cairn::fusion
