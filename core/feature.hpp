#pragma once
// Knowledge: where the camera really was, whether a frame counts, and what stands on the map.

#include "core/id.hpp"
#include "core/lat_lon.hpp"
#include "core/observation.hpp"
#include "core/reason.hpp"
#include "core/time.hpp"

#include <optional>
#include <vector>

namespace cairn {

/// Where the camera was and where it looked, after fusion.
struct Pose {
  UtcTime taken_at{};
  LatLon place;
  double altitude_m = 0;
  double heading_deg = 0;      ///< direction of view
  double accuracy_m = 0;       ///< one sigma, horizontal
  double speed_mps = 0;
};

/// What was decided about a frame, with every value that led there. Stored, shown, recomputable.
struct FrameVerdict {
  FrameId frame;
  std::optional<Refusal> refusal;  ///< absent: accepted
  Pose pose;
  double trust = 0;                ///< 0-1: that this is real physical work
  double quality = 0;              ///< 0-1
  Values values;
  bool accepted() const { return !refusal.has_value(); }
};

/// One thing as one sequence saw it.
struct Sighting {
  SightingId id;
  SequenceId sequence;
  AccountId contributor;
  ObjectClass object = ObjectClass::sign;
  LatLon place;
  double height_m = 0;             ///< above the camera
  double accuracy_m = 0;           ///< one sigma, horizontal
  std::optional<double> facing_deg;
  double score = 0;                ///< 0-1, of the detections
  UtcTime first_seen{};
  UtcTime last_seen{};
  std::vector<FrameId> frames;     ///< evidence, in the order of time
};

enum class FeatureState : std::uint8_t { seen, confirmed };

/// One thing on the map, merged from sightings.
struct Feature {
  FeatureId id;
  ObjectClass object = ObjectClass::sign;
  FeatureState state = FeatureState::seen;
  LatLon place;
  double height_m = 0;
  double accuracy_m = 0;
  std::optional<double> facing_deg;
  double existence = 0;            ///< 0-1
  UtcTime first_seen{};
  UtcTime last_seen{};
  int views = 0;
  int contributors = 0;
  std::vector<SightingId> sightings;
};

}  // namespace cairn
