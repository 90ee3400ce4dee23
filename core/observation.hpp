#pragma once
// What the vision stage saw in one frame.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

/// The things that the detector knows. The codes are stable.
enum class ObjectClass : std::uint8_t { sign, plate, head, traffic_light, person, vehicle };
inline constexpr std::array kObjectClasses{ObjectClass::sign,          ObjectClass::plate,  ObjectClass::head,
                                           ObjectClass::traffic_light, ObjectClass::person, ObjectClass::vehicle};
std::string_view code_of(ObjectClass object);
std::optional<ObjectClass> object_class_from_code(std::string_view code);

/// A rectangle in pixels of the upright full-size picture; x right, y down, from the upper left corner.
struct Box {
  float left = 0, top = 0, right = 0, bottom = 0;
  float width() const { return right - left; }
  float height() const { return bottom - top; }
  friend bool operator==(const Box&, const Box&) = default;
};

struct Detection {
  ObjectClass object = ObjectClass::sign;
  Box box;
  float score = 0;  ///< 0-1
};

/// A named number that a decision was made from; kept so that the decision can be explained and made again.
struct Value {
  std::string name;
  double value = 0;
};
using Values = std::vector<Value>;

enum class QualityDecision : std::uint8_t { accept, degrade, reject };

struct Quality {
  QualityDecision decision = QualityDecision::accept;
  double score = 1;                  ///< 0-1; weighs a frame's work
  std::vector<std::string> reasons;  ///< codes of core/reason.hpp that led to degrade or reject
  Values values;
};

/// How the picture moved since the frame before it, from optical flow.
struct Motion {
  int tracked_points = 0;
  double inlier_share = 0;     ///< of the points: how many agree with one camera motion
  double median_flow_px = 0;   ///< at 640 px picture width
  std::optional<double> yaw_deg;     ///< rotation about the vertical; positive turns right
  std::optional<double> forward;     ///< -1..1: how much of the translation is along the view
};

/// What redaction did, stored beside every public picture.
struct RedactionRecord {
  std::string model;           ///< name and version of everything that proposed boxes
  Values thresholds;           ///< by class: the least score that led to something hidden
  std::vector<Detection> hidden;
};

struct Observation {
  int width_px = 0;            ///< upright
  int height_px = 0;
  Quality quality;
  std::vector<Detection> detections;
  std::optional<Motion> motion;  ///< absent for the first frame of a sequence
  std::uint64_t phash = 0;       ///< 64-bit DCT hash of the luma
  RedactionRecord redaction;
};

}  // namespace cairn
