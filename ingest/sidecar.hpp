#pragma once
// A track that came in the same upload set as a picture or a video.

#include "ingest/decode_file.hpp"

#include <string_view>

namespace cairn::ingest {

/// Gives a file a track of its set. A track is the file's own when both have one name but for their endings ("MOV_0581.mp4" and
/// "MOV_0581.nmea"; BlackVue's "…_NF.mp4" and "…_N.gps"), when it names the file (70mai's log), or when it is the index of the
/// bundle (FrameKM). Own tracks come before the others.
void add_sidecar(FileToDecode& file, std::string_view track_name, TrackFile track);

}  // namespace cairn::ingest
