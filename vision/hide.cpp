#include "vision/hide.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace cairn::vision {
namespace {

constexpr float kHeadShare = 0.30f;      ///< of a person's height, from the top
constexpr float kPlateWidthPx = 90;      ///< the plate of a narrower vehicle can't be read
constexpr float kPlateZoneSide = 0.25f;  ///< of the vehicle's width: left out on either side
constexpr float kPlateZoneTop = 0.45f;   ///< of its height

void require_finite(const Detection& found) {
  const auto& box = found.box;
  if (std::isfinite(box.left) && std::isfinite(box.top) && std::isfinite(box.right) && std::isfinite(box.bottom))
    return;
  throw std::runtime_error{"a detector gave a " + std::string{code_of(found.object)} + " whose box is not finite"};
}

bool holds_centre_of(const Box& outer, const Box& inner) {
  const float x = (inner.left + inner.right) / 2, y = (inner.top + inner.bottom) / 2;
  return outer.left <= x && x <= outer.right && outer.top <= y && y <= outer.bottom;
}

Box upper_part(const Box& person) {
  return {person.left, person.top, person.right, person.top + person.height() * kHeadShare};
}

Box lower_centre(const Box& vehicle) {
  const float side = vehicle.width() * kPlateZoneSide;
  return {vehicle.left + side, vehicle.top + vehicle.height() * kPlateZoneTop, vehicle.right - side, vehicle.bottom};
}

}  // namespace

double HideScores::of(ObjectClass object) const {
  switch (object) {
    case ObjectClass::plate: return plate;
    case ObjectClass::head: return head;
    case ObjectClass::person: return person;
    case ObjectClass::vehicle: return vehicle;
    case ObjectClass::sign:
    case ObjectClass::traffic_light: break;
  }
  return 2;
}

double HideScores::least() const { return std::min({plate, head, person, vehicle}); }

Values HideScores::values() const { return {{"plate", plate}, {"head", head}, {"person", person}, {"vehicle", vehicle}}; }

std::vector<Detection> boxes_to_hide(std::span<const Detection> found, const HideScores& least) {
  std::vector<Detection> likely;
  for (const auto& one : found) {
    require_finite(one);
    if (!(one.score < least.of(one.object))) likely.push_back(one);
  }
  const auto has_plate = [&](const Box& within) {
    return std::ranges::any_of(likely, [&](const Detection& d) { return d.object == ObjectClass::plate && holds_centre_of(within, d.box); });
  };
  std::vector<Detection> hidden;
  for (const auto& one : likely) {
    if (one.object == ObjectClass::plate || one.object == ObjectClass::head) {
      hidden.push_back(one);
    } else if (one.object == ObjectClass::person) {
      hidden.push_back({ObjectClass::head, upper_part(one.box), one.score});
    } else if (one.object == ObjectClass::vehicle && one.box.width() > kPlateWidthPx && !has_plate(one.box)) {
      hidden.push_back({ObjectClass::plate, lower_centre(one.box), one.score});
    }
  }
  return hidden;
}

}  // namespace cairn::vision
