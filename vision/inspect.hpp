#pragma once
// The door of the vision room: one frame -> what is in it, and its redacted pictures.

#include "core/bytes.hpp"
#include "core/capture.hpp"
#include "core/observation.hpp"
#include "core/reason.hpp"
#include "vision/detector.hpp"
#include "vision/hide.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace cairn::vision {

struct FrameToInspect {
  FrameId id;
  ByteView jpeg;            ///< as received
  int orientation = 1;      ///< EXIF 1-8; detections and derivatives are upright
  Projection projection = Projection::flat;
  std::optional<double> focal_px;
};

/// The public pictures; all redacted, none with metadata of the original.
struct Pictures {
  Bytes hd;     ///< full size, upright; outside the hidden blocks bit-identical to what was received (turned: see turned_upright)
  Bytes sd;     ///< 2048 px wide; hd's very bytes if that is not wider
  Bytes thumb;  ///< 500 px wide, or smaller
};

struct InspectedFrame {
  FrameId id;
  Observation observation;
  std::optional<Refusal> refusal;    ///< undecodable, or redaction failed: then `pictures` is empty (fail closed)
  std::optional<Pictures> pictures;
};

struct InspectRules {
  HideScores hide;                   ///< from which scores on things are hidden
  float publish_score = 0.5f;        ///< detections from this score on become features
  std::int64_t most_pixels = 64'000'000;
  int sd_width_px = 2048;
  int thumb_width_px = 500;
  int jpeg_quality = 85;             ///< of sd and thumb
};

/// Inspects the frames of one sequence in their order: it remembers the frame before for motion. Not thread-safe.
class Inspector {
 public:
  /// Detectors in the order of trust; the first one's boxes become detections, all of them decide what is hidden.
  Inspector(std::vector<std::unique_ptr<Detector>> detectors, InspectRules rules);
  ~Inspector();

  /// Forgets the frame before: the next one begins a sequence.
  void begin_sequence();
  /// Remembers a frame without inspecting it: the last of the batch before.
  void follow(const FrameToInspect& before);
  InspectedFrame inspect(const FrameToInspect& frame);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cairn::vision
