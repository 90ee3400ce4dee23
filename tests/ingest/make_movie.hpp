#pragma once
// Small movies in memory, with or without a telemetry stream.

#include "core/bytes.hpp"

#include <string>
#include <vector>

namespace cairn::testing {

struct MovieToMake {
  int width_px = 480, height_px = 360;
  double seconds = 4;
  int frames_per_second = 10;
  std::string created_at;                  ///< "2026-04-30T10:20:30Z"; empty: the movie says no time
  std::string telemetry_tag = "gpmd";
  std::vector<std::string> telemetry;      ///< packets of one second each
  bool uneven = false;                     ///< each frame is shown longer than the one before
  int turned_deg = 0;                      ///< clockwise turn that players are asked for
};

/// An MP4 with MPEG-4 video.
Bytes make_movie(const MovieToMake&);

}  // namespace cairn::testing
