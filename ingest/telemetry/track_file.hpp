#pragma once
// What a track file holds, and the checks that every reader of one makes.

#include "core/capture.hpp"
#include "core/reason.hpp"
#include "ingest/claim_check.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cairn::ingest {

/// When a video of the same camera began.
struct VideoStart {
  std::string video;   ///< its file name, as the camera gave it
  UtcTime at{};
};

/// A picture in a file of pictures that lie one after the other.
struct BundledFrame {
  std::size_t bytes = 0;
  std::optional<UtcTime> time;
  std::optional<StatedPlace> place;
  Fix details;   ///< altitude, accuracy and speed
};
std::size_t bytes_in(const std::vector<BundledFrame>& frames);

struct TrackFile {
  std::string_view format = {};      ///< the name of its format
  Track track;                       ///< in the order of time
  std::vector<VideoStart> videos = {};   ///< where the track names the videos that it was recorded with
  std::string bundle = {};               ///< where the track is the index of a bundle of pictures: the bundle's name,
  std::string model = {};                ///< the camera's model
  std::vector<BundledFrame> frames = {}; ///< and its pictures in order
};

/// Collects the points of a file.
class TrackBuilder {
 public:
  explicit TrackBuilder(UtcTime received_at) : received_at_{received_at} {}

  /// Takes a point; leaves it out where its time or place is missing or can't be true. False once there are too many.
  bool add(const std::optional<UtcTime>& time, const std::optional<StatedPlace>& place, Fix details = {});

  /// The points in the order of time, or why there is none.
  std::variant<TrackFile, Refusal> result() &&;

 private:
  UtcTime received_at_;
  std::size_t points_ = 0;
  Track track_;
  std::optional<Refusal> first_bad_;
};

}  // namespace cairn::ingest
