#pragma once
// Frames of one upload set -> sequences in order, and what was left out with its reason.

#include "core/capture.hpp"
#include "core/reason.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace cairn::ingest {

enum class SortMethod { time_asc, time_desc, filename_asc, filename_desc };

/// Defaults are those of Panoramax and Mapillary's tools, so that contributors get the same sequences everywhere.
struct AssembleRules {
  SortMethod sort = SortMethod::time_asc;
  std::optional<double> split_distance_m = 100;              ///< nothing: never split
  std::optional<std::chrono::seconds> split_time{300};
  std::optional<double> duplicate_distance_m = 1;            ///< nothing: keep near duplicates
  double duplicate_rotation_deg = 60;
  double fastest_mps = 400 / 3.6;
  std::size_t most_frames = 5000;                            ///< of one sequence: it is fused in memory and travels in one message
};

struct ArrivedFrame {
  Capture capture;
  std::string file_name;
};

struct AssembledSequence {
  SequenceId id;                  ///< derived from its first frame's id
  std::vector<FrameId> frames;    ///< in order
};

struct LeftOut {
  FrameId frame;
  Refusal refusal;
  std::optional<FrameId> duplicate_of;
};

struct Assembly {
  std::vector<AssembledSequence> sequences;
  std::vector<LeftOut> left_out;
};

/// Sorts, drops near duplicates, checks the track, splits. The result depends on the set of frames, never on their order of
/// arrival. Every frame is in exactly one sequence or left out once. Missing headings stay missing: fusion derives them.
Assembly assemble(std::vector<ArrivedFrame> frames, const AssembleRules& rules);

}  // namespace cairn::ingest
