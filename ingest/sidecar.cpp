#include "ingest/sidecar.hpp"

#include <string>

namespace cairn::ingest {
namespace {

/// The name without folders and ending, in small letters.
std::string stem_of(std::string_view name) {
  name = name.substr(name.find_last_of("/\\") + 1);
  std::string stem{name.substr(0, name.rfind('.'))};
  for (auto& letter : stem) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return stem;
}

/// A video's last letter may say which way the camera looks: front, rear, interior.
bool belongs_to(const std::string& video, const std::string& track) {
  if (video == track) return true;
  const bool has_view = !video.empty() && std::string_view{"fri"}.find(video.back()) != std::string_view::npos;
  return has_view && video.substr(0, video.size() - 1) == track;
}

bool is_bundle(const FileToDecode& file, const std::string& stem, const TrackFile& track) {
  return !track.frames.empty() && (stem == stem_of(track.bundle) || file.bytes.size() == bytes_in(track.frames));
}

}  // namespace

void add_sidecar(FileToDecode& file, std::string_view track_name, TrackFile track) {
  const auto stem = stem_of(file.name);
  const bool own = belongs_to(stem, stem_of(track_name));
  for (const auto& [video, at] : track.videos) {
    if (stem_of(video) == stem) file.began_at = at;
  }
  if (own && !track.track.empty()) file.own_track_began_at = track.track.front().taken_at;
  if (is_bundle(file, stem, track)) {
    file.bundled = std::move(track.frames);
    file.bundle_model = track.model;
  }
  file.sidecars.insert(own ? file.sidecars.begin() : file.sidecars.end(), std::move(track.track));
}

}  // namespace cairn::ingest
