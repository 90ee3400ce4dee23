#pragma once
// Detections of a sequence -> tracks: the boxes that show one thing.

#include "fusion/view.hpp"

#include <cstddef>
#include <vector>

namespace cairn::fusion {

/// A detection with the direction it was seen in.
struct SeenBox {
  std::size_t frame = 0;  ///< any number that grows with time
  ObjectClass object = ObjectClass::sign;
  View view;
  double width_deg = 0;  ///< angles that the box spans
  double height_deg = 0;
  double most_miss_deg = 1;  ///< a view that misses its thing by more does not show it
  double score = 0;
};

/// The boxes of one thing, at most one per frame, in the order of time.
using ObjectTrack = std::vector<SeenBox>;

/// Joins boxes of one class whose directions fit one standing thing: where the track's rays meet, or (for its first
/// frames) where a thing of common size would be, predicts direction and size in the next frame; the nearest pairs are
/// taken first. A track survives three frames in which it is not seen. `frames` holds the boxes of one frame each, in
/// the order of time. Every box ends in exactly one track.
std::vector<ObjectTrack> track_objects(const std::vector<std::vector<SeenBox>>& frames);

}  // namespace cairn::fusion
