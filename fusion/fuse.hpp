#pragma once
// The door of the fusion room: one observed sequence -> trajectory, a verdict per frame, sightings.

#include "core/capture.hpp"
#include "core/feature.hpp"
#include "core/observation.hpp"

#include <vector>

namespace cairn::fusion {

struct ObservedFrame {
  Capture capture;
  Observation observation;
  std::optional<Refusal> refusal;  ///< refused before (undecodable, redaction failed): keeps its refusal, is not used
  bool hidden = false;             ///< helps to find the trajectory, but what it saw makes no sighting
};

struct SequenceToFuse {
  SequenceId id;
  AccountId contributor;
  std::vector<ObservedFrame> frames;  ///< in order
  std::optional<double> mount_deg;    ///< from the course to the view, as the sender stated it; else it is found out
  double signed_share = 0;            ///< of the frames: a device of the contributor signed their files
};

struct FuseRules {
  double fastest_mps = 70;   ///< 250 km/h: faster is no road vehicle
  double hardest_mps2 = 12;  ///< braking beyond the grip of tyres
  double worst_accuracy_m = 50;
  double default_accuracy_m = 5;  ///< of a fix that states none
  double default_fov_deg = 65;    ///< horizontal field of view of a camera that states no focal length
  double least_trust = 0.2;       ///< below it a frame is refused
  int least_views = 3;
  double least_parallax_deg = 3;
  double nearest_m = 2, farthest_m = 80;
  double most_residual_px = 12;  ///< at 640 px width, of a triangulated view
};

struct FusedSequence {
  std::vector<FrameVerdict> verdicts;  ///< one per frame, in the same order
  std::vector<Sighting> sightings;     ///< sorted by id
  Values values;                       ///< of the whole sequence
};

/// Pure and deterministic. Never throws for what the frames contain.
FusedSequence fuse(const SequenceToFuse&, const FuseRules& = {});

}  // namespace cairn::fusion
