#pragma once
// Accepted frames of a sequence with their poses -> sightings.

#include "fusion/heading.hpp"
#include "fusion/track_objects.hpp"
#include "fusion/triangulate.hpp"

#include <vector>

namespace cairn::fusion {

struct Sightings {
  std::vector<Sighting> sightings;  ///< sorted by id
  int tracks = 0;
  double yaw_deg = 0;  ///< the camera's yaw against the headings, as the things seen tell it
  double yaw_sigma_deg = 0;
};

/// Tracks signs and traffic lights over the frames without refusal and places those that were seen well enough.
/// `refused` holds one flag per point of the trajectory: refused or hidden.
Sightings sightings_of(const SequenceToFuse&, const Trajectory&, const Headings&, const std::vector<bool>& refused,
                       const FuseRules&);

/// A track and where its thing stands.
struct PlacedTrack {
  ObjectTrack track;  ///< only the views that fit
  BundledPoint placed;
};
struct PlacedTracks {
  std::vector<PlacedTrack> tracks;  ///< those that fulfil the rules, in the order given
  double yaw_deg = 0;
  double yaw_sigma_deg = 0;
};

/// Places tracks: linear start, views that miss their point taken out, all points refined with one common yaw and
/// pitch. Left out are tracks with fewer views or less parallax than the rules ask for, or whose thing is nearer or
/// farther than they allow.
PlacedTracks placed_tracks(const std::vector<ObjectTrack>& tracks, const FuseRules&, const BundleRules& = {});

}  // namespace cairn::fusion
