#pragma once
// What a device says about a frame and the way it went: claims, before anyone has checked them.

#include "core/id.hpp"
#include "core/lat_lon.hpp"
#include "core/time.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cairn {

/// One report of a satellite receiver.
struct Fix {
  UtcTime taken_at{};
  LatLon place;
  std::optional<double> altitude_m;    ///< above the ellipsoid or the sea, as the device has it
  std::optional<double> accuracy_m;    ///< horizontal, one sigma or the maker's "accuracy"
  std::optional<double> speed_mps;
  std::optional<double> heading_deg;   ///< course over ground
  bool receiver_signed = false;        ///< read from bytes that its receiver signed, with a key that a device of the sender is registered with
};

/// Fixes in the order of time.
using Track = std::vector<Fix>;

enum class Projection { flat, equirectangular };

struct Camera {
  std::string make;
  std::string model;
  int width_px = 0;   ///< as stored, before orientation is applied
  int height_px = 0;
  Projection projection = Projection::flat;
  /// Focal length in pixels of the stored width, when the device says enough to know it.
  std::optional<double> focal_px;
  std::optional<double> focal_mm;      ///< the lens's own focal length, for people
};

/// One frame with its claims. `fix.heading_deg` here is the direction of view if the device gave one.
struct Capture {
  FrameId id;
  Fix fix;
  Camera camera;
  int orientation = 1;                 ///< EXIF: 1-8
  std::string sequence_hint;           ///< the device's own name of the sequence; empty if none
  std::optional<double> pitch_deg;
  std::optional<double> roll_deg;
};

/// The id of a frame follows from who sent which bytes, so that the same upload made twice is the same frame (law 5).
/// `index` counts the frames of a video; 0 for a picture.
inline FrameId frame_id_of(AccountId account, const Sha256& content, int index) {
  return FrameId::derived_from({"frame", account.text(), content.hex(), std::to_string(index)});
}

}  // namespace cairn
