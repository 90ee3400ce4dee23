#pragma once

#include "ingest/decode_file.hpp"

namespace cairn::ingest {

/// One frame every `video_step_m` along the way of a movie. The way is its own telemetry, or else a sidecar track
/// from the time that the movie header states. `overrides.taken_at` is the time of the video's start; an overridden place or
/// heading means nothing for a way and is not used.
DecodeReport decode_video(const FileToDecode&, const DecodeRules&, const FrameSink&);

}  // namespace cairn::ingest
